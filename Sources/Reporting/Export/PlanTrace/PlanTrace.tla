------------------------------ MODULE PlanTrace ------------------------------
\* Planner and enactors, as a trace that `inquest export --to tla` wrote tells what they did. TLC accepts a trace whose
\* every step the rules below allow, and names the first line that none of them allows: a write of an older plan over a
\* newer one, or the deletion of a plan that is active on some endpoint.
\*
\*     TRACE=trace.ndjson java -cp tla2tools.jar:CommunityModules-deps.jar tlc2.TLC PlanTrace
EXTENDS Integers, Sequences, TLC, Json, IOUtils

Trace == ndJsonDeserialize(IF "TRACE" \in DOMAIN IOEnv THEN IOEnv.TRACE ELSE "trace.ndjson")

Endpoints == {Trace[i].endpoint : i \in DOMAIN Trace} \ {""}

VARIABLES
    line,    \* the next line of the trace
    active   \* by endpoint, the plan that is active there; 0: none, or not known yet

vars == <<line, active>>

Step(name) == line \in DOMAIN Trace /\ Trace[line].step = name /\ line' = line + 1

Init == line = 1 /\ active = [e \in Endpoints |-> 0]

\* The planner makes a plan; an enactor checks that its plan is newer than the active one. Neither changes an endpoint.
Create == Step("create") /\ UNCHANGED active
Check == Step("check") /\ UNCHANGED active

Written == [active EXCEPT ![Trace[line].endpoint] = Trace[line].plan]

\* An enactor's write is never older than what is active: it would be a stale-plan overwrite.
Apply == Step("apply") /\ Trace[line].plan >= active[Trace[line].endpoint] /\ active' = Written

\* Older plans are written on purpose by a rollback and by hand.
Rollback == Step("rollback") /\ active' = Written
Restore == Step("restore") /\ active' = Written

\* The clean-up never deletes a plan that is active anywhere.
Delete == Step("delete") /\ (\A e \in Endpoints : active[e] # Trace[line].plan) /\ UNCHANGED active

Next == Create \/ Check \/ Apply \/ Rollback \/ Restore \/ Delete

Spec == Init /\ [][Next]_vars

\* Every state has one successor, so the depth of the states says how much of the trace was accepted.
TraceAccepted ==
    LET accepted == TLCGet("stats").diameter - 1
    IN IF accepted = Len(Trace) THEN TRUE
       ELSE PrintT(<<"rejected at line", accepted + 1, Trace[accepted + 1]>>) /\ FALSE
==============================================================================
