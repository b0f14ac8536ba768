#!/usr/bin/env python3
"""Writes one incident in the forms of several systems' logs: make.py [FOLDER]. The same bytes every time.

An enactor whose check had gone stale writes plan 41 over plan 43; a clean-up then deletes plan 41 while it is active, and an operator writes
plan 44. Other endpoints are written in turn meanwhile, without fault.
"""
import datetime, gzip, json, os, sys

ZERO = datetime.datetime(2025, 10, 3, 4, 0, 0, tzinfo=datetime.timezone.utc)

class Event:
    def __init__(self, seconds, actor, event, **fields):
        self.at, self.actor, self.event, self.fields = ZERO + datetime.timedelta(seconds=seconds), actor, event, fields
    def iso(self, digits=3):
        text = self.at.strftime("%Y-%m-%dT%H:%M:%S")
        return text + ("." + f"{self.at.microsecond:06d}"[:digits] if digits else "") + "Z"
    def nanoseconds(self, later=0): return str(int(self.at.timestamp() * 1000) * 1000000 + later)

def incident():
    """The events, in the order in which they happened."""
    events, request = [], 0
    def write(seconds, actor, plan, endpoint, replaces, commit):
        nonlocal request
        request += 1
        events.append(Event(seconds, actor, "plan.applied", plan=plan, endpoint=endpoint, replaces=replaces, commit=commit, request=f"r{request:04d}"))
    commit = 100
    for step in range(40):
        events.append(Event(step * 6, "planner", "plan.created", plan=step + 1))
        for n, endpoint in enumerate(["web.example", "api.example"]):
            commit += 1
            write(step * 6 + 2 + n, ["enactor-a", "enactor-b"][(step + n) % 2], step + 1, endpoint, step or None, commit)
        if step % 2 == 0 and step < 39:
            commit += 1
            write(step * 6 + 4, ["enactor-a", "enactor-b"][step // 2 % 2], step + 1, "db.example", step - 1 if step else None, commit)
    events += [
        Event(300.0, "planner", "plan.created", plan=41), Event(303.0, "planner", "plan.created", plan=42),
        Event(302.1, "enactor-a", "plan.checked", plan=41, active=39, endpoint="db.example"),
        Event(303.5, "planner", "plan.created", plan=43),
        Event(304.0, "enactor-b", "plan.checked", plan=43, active=39, endpoint="db.example")]
    write(305.2, "enactor-b", 43, "db.example", 39, commit + 1)
    write(309.7, "enactor-a", 41, "db.example", 43, commit + 2)
    events.append(Event(420.0, "enactor-b", "plan.deleted", plan=41))
    write(600.4, "operator", 44, "db.example", 41, commit + 3)
    events.sort(key=lambda e: e.at)
    return events

def save(folder, name, text):
    path = os.path.join(folder, name)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    if name.endswith(".gz"):
        with open(path, "wb") as raw, gzip.GzipFile("", "wb", 9, raw, 0) as file: file.write(text.encode())
    else:
        with open(path, "w") as file: file.write(text)

def dump(value): return json.dumps(value, separators=(",", ":"))

def native(folder, events):
    counters, heard = {}, {}
    logs = {}
    for e in events:
        counters[e.actor] = counters.get(e.actor, 0) + 1
        clock = {e.actor: counters[e.actor]}
        # A plan carries the planner's clock to whoever writes it.
        if e.actor == "planner": heard[e.fields["plan"]] = counters[e.actor]
        elif e.fields.get("plan") in heard: clock["planner"] = heard[e.fields["plan"]]
        fields = {k: v for k, v in e.fields.items() if v is not None and k != "request"}
        role = {"planner": "planner", "operator": "operator"}.get(e.actor, "enactor")
        logs.setdefault(e.actor, []).append(dump(dict(ts=e.iso(), actor=e.actor, role=role, vc=clock, event=e.event, **fields)))
    for actor, lines in logs.items(): save(folder, f"{actor}.jsonl.gz", "\n".join(lines) + "\n")

def attributes(fields):
    return [{"key": k, "value": {"intValue": str(v)} if isinstance(v, int) else {"stringValue": v}} for k, v in fields.items() if v is not None and k != "request"]

def otlp_logs(folder, events):
    lines = []
    for e in events:
        record = {"timeUnixNano": e.nanoseconds(), "severityNumber": 9, "severityText": "INFO", "eventName": e.event, "body": {"stringValue": e.event}, "attributes": attributes(e.fields)}
        resource = {"attributes": [{"key": "service.name", "value": {"stringValue": e.actor}}]}
        lines.append(dump({"resourceLogs": [{"resource": resource, "scopeLogs": [{"scope": {"name": "dns"}, "logRecords": [record]}]}]}))
    save(folder, "otel-logs.json.gz", "\n".join(lines) + "\n")

def otlp_spans(folder, events):
    lines = []
    for number, e in enumerate(events):
        # A span ends when the write took effect.
        start = int(e.nanoseconds()) - 40_000_000
        span = {"traceId": f"{number + 1:032x}", "spanId": f"{number + 1:016x}", "name": e.event, "kind": 3, "startTimeUnixNano": str(start), "endTimeUnixNano": e.nanoseconds(), "attributes": attributes(e.fields), "status": {"code": 1}}
        resource = {"attributes": [{"key": "service.name", "value": {"stringValue": e.actor}}]}
        lines.append(dump({"resourceSpans": [{"resource": resource, "scopeSpans": [{"scope": {"name": "dns"}, "spans": [span]}]}]}))
    save(folder, "otel-spans.json.gz", "\n".join(lines) + "\n")

def audit(folder, events):
    lines = []
    for number, e in enumerate(events):
        if e.event not in ("plan.applied", "plan.deleted"): continue
        verb = "update" if e.event == "plan.applied" else "delete"
        name = e.fields.get("endpoint", "plan-41")
        entry = {"kind": "Event", "apiVersion": "audit.k8s.io/v1", "level": "RequestResponse", "auditID": f"a{number:04d}", "stage": "ResponseComplete", "verb": verb, "user": {"username": f"system:serviceaccount:dns:{e.actor}"}, "objectRef": {"resource": "dnsrecords" if verb == "update" else "dnsplans", "namespace": "dns", "name": name, "apiGroup": "dns.example", "apiVersion": "v1"}, "responseStatus": {"code": 200}, "requestReceivedTimestamp": e.iso(6), "stageTimestamp": e.iso(6)}
        if verb == "update":
            entry["responseObject"] = {"kind": "DNSRecord", "metadata": {"name": name, "generation": e.fields["plan"], "resourceVersion": str(e.fields["commit"])}}
        lines.append(dump(entry))
    save(folder, "audit.log.gz", "\n".join(lines) + "\n")

def cloudtrail(folder, events):
    records = []
    logs = {}
    for number, e in enumerate(events):
        if e.event == "plan.applied":
            change = {"action": "UPSERT", "resourceRecordSet": {"name": e.fields["endpoint"] + ".", "type": "A", "tTL": 60}}
            records.append({"eventVersion": "1.08", "userIdentity": {"type": "AssumedRole", "arn": f"arn:aws:sts::0:assumed-role/dns/{e.actor}"}, "eventTime": e.iso(0), "eventSource": "route53.amazonaws.com", "eventName": "ChangeResourceRecordSets", "awsRegion": "us-east-1", "requestID": e.fields["request"], "eventID": f"e{number:04d}", "requestParameters": {"hostedZoneId": "Z0", "changeBatch": {"comment": f"plan={e.fields['plan']}", "changes": [change]}}, "responseElements": {"changeInfo": {"id": f"/change/C{number:04d}", "status": "PENDING"}}})
        elif e.actor.startswith("enactor"):
            words = "Check done" if e.event == "plan.checked" else "Plan deleted"
            more = "".join(f" {k}={v}" for k, v in e.fields.items())
            logs.setdefault(e.actor, []).append(f'time="{e.iso()}" level=info msg="{words}"{more}')
    records.sort(key=lambda r: r["eventID"][::-1])
    save(folder, "trail.json.gz", dump({"Records": records}))
    for actor, lines in logs.items(): save(folder, f"{actor}.log", "\n".join(lines) + "\n")
    save(os.path.dirname(folder), "profiles/trail.yaml", TRAIL)
    save(os.path.dirname(folder), "profiles/enactor.yaml", ENACTOR)

TRAIL = r"""# Which plan a change was made for stands in its comment: only this site knows.
profile: trail
title: CloudTrail with plans in comments
container: {array: /Records}
codec: json
order: time
recognise: [{eventSource: route53.amazonaws.com}]
fields:
  ts: eventTime
  actor: {from: /userIdentity/arn, part: last, by: /}
events:
  - when: {eventName: ChangeResourceRecordSets}
    each: {in: /requestParameters/changeBatch/changes, as: change}
    event: plan.applied
    role: enactor
    fields:
      id: requestID
      endpoint: {from: change/resourceRecordSet/name, dns: true}
      plan: {from: /requestParameters/changeBatch/comment, pattern: 'plan=(\d+)'}
      outcome: [{from: errorCode, map: {}, else: error}, {const: ok}]
samples:
  - lines: |
      {"Records":[{"eventSource":"route53.amazonaws.com","eventName":"ChangeResourceRecordSets","eventTime":"2025-10-03T04:05:20Z","userIdentity":{"arn":"arn:aws:sts::0:assumed-role/dns/enactor-a"},"requestID":"r1","requestParameters":{"changeBatch":{"comment":"plan=41","changes":[{"action":"UPSERT","resourceRecordSet":{"name":"db.example.","type":"A"}}]}}}]}
    events:
      - {ts: "2025-10-03T04:05:20Z", actor: enactor-a, event: plan.applied, endpoint: db.example, plan: 41, outcome: ok, id: r1}
"""

ENACTOR = r"""# The enactors' own logs: checks and deletions.
profile: enactor
title: Log of the DNS enactors
codec: logfmt
recognise: [{msg: {matches: '^(?:Check done|Plan deleted)'}}]
fields: {ts: time, actor: "@file", endpoint: endpoint, plan: plan, active: active, role: {const: enactor}}
events:
  - when: {msg: Check done}
    event: plan.checked
  - when: {msg: Plan deleted}
    event: plan.deleted
samples:
  - path: enactor-a.log
    lines: time="2025-10-03T04:05:02.100Z" level=info msg="Check done" plan=41 active=39 endpoint=db.example
    events: [{ts: "2025-10-03T04:05:02.1Z", actor: enactor-a, event: plan.checked, plan: 41, active: 39}]
"""

README = {
    "native": (native, "inquest.events/1, a log for each actor, with vector clocks and the store's answers", "", "nothing: the order is proven, and the check is known"),
    "otlp-logs": (otlp_logs, "OpenTelemetry logs as the collector's file exporter writes them", "", "vector clocks: the store's answers (replaces, commit) prove the order of the writes"),
    "otlp-spans": (otlp_spans, "OpenTelemetry spans as the collector's file exporter writes them; a span ends when its write took effect", "", "vector clocks: the store's answers (replaces, commit) prove the order of the writes"),
    "k8s-audit": (audit, "the audit log of a Kubernetes API server at level RequestResponse; the generation is the plan", "", "the checks, and which plan a deletion was of"),
    "cloudtrail-logfmt": (cloudtrail, "CloudTrail, whose records are in no order and have whole seconds, beside the enactors' own logfmt", " --profile SampleLogs/formats/profiles/trail.yaml --profile SampleLogs/formats/profiles/enactor.yaml", "clocks and the store's order: times of whole seconds are all there is for the writes"),
}

def main():
    top = sys.argv[1] if len(sys.argv) > 1 else os.path.dirname(os.path.abspath(__file__))
    for name, (write, what, more, lacks) in README.items():
        folder = os.path.join(top, name)
        write(folder, incident())
        place = f"SampleLogs/formats/{name}"
        save(folder, "README.md", f"""# The incident as {name}

An enactor whose check had gone stale writes plan 41 over plan 43, a clean-up deletes plan 41 while it is active, an operator writes plan 44. Here
it is told by {what}.

    inquest analyze {place}{more}

What this form lacks: {lacks}. Made by `python3 SampleLogs/formats/make.py`.
""")

main()
