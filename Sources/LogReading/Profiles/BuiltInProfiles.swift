/// The profiles that the program holds: the files of the folder BuiltIn, which users can read and copy.
public enum BuiltInProfiles {
    private static let compiled: (plans: [Plan], texts: [String: String]) = {
        var plans: [Plan] = []
        var texts: [String: String] = [:]
        for (name, bytes) in files {
            let text = String(decoding: bytes, as: UTF8.self)
            do throws(ProfileError) {
                let plan = try ProfileReader.plan(text, file: name + ".yaml")
                plans.append(plan)
                texts[plan.name] = text
            } catch {
                // A fault of the program, which its tests find.
                preconditionFailure("\(error.place): \(error.message)")
            }
        }
        return (plans, texts)
    }()

    /// All of them, in the order of their names.
    public static var all: [Plan] { compiled.plans }

    /// One by its name.
    public static func named(_ name: String) -> Plan? { all.first { $0.name == name } }

    /// The text of its file.
    public static func text(of name: String) -> String? { compiled.texts[name] }

    /// The JSON Schema of profiles, by which editors check and complete them.
    public static var schema: String { String(decoding: PackageResources.profile_schema_json, as: UTF8.self) }

    private static let files: [(String, [UInt8])] = [
        ("argo-workflows", PackageResources.argo_workflows_yaml),
        ("ceph", PackageResources.ceph_yaml),
        ("cloudtrail", PackageResources.cloudtrail_yaml),
        ("cloudwatch-export", PackageResources.cloudwatch_export_yaml),
        ("cloudwatch-subscription", PackageResources.cloudwatch_subscription_yaml),
        ("csv", PackageResources.csv_yaml),
        ("csv-semicolon", PackageResources.csv_semicolon_yaml),
        ("ecs", PackageResources.ecs_yaml),
        ("envoy-access", PackageResources.envoy_access_yaml),
        ("external-dns", PackageResources.external_dns_yaml),
        ("govector", PackageResources.govector_yaml),
        ("govector-text-first", PackageResources.govector_text_first_yaml),
        ("hclog", PackageResources.hclog_yaml),
        ("hclog-json", PackageResources.hclog_json_yaml),
        ("jaeger", PackageResources.jaeger_yaml),
        ("journald", PackageResources.journald_yaml),
        ("k8s-audit", PackageResources.k8s_audit_yaml),
        ("kafka-consumer-groups", PackageResources.kafka_consumer_groups_yaml),
        ("klog", PackageResources.klog_yaml),
        ("log4j", PackageResources.log4j_yaml),
        ("logfmt", PackageResources.logfmt_yaml),
        ("logrus-json", PackageResources.logrus_json_yaml),
        ("otlp-logs", PackageResources.otlp_logs_yaml),
        ("otlp-spans", PackageResources.otlp_spans_yaml),
        ("prometheus-range", PackageResources.prometheus_range_yaml),
        ("route53-changes", PackageResources.route53_changes_yaml),
        ("syslog", PackageResources.syslog_yaml),
        ("tsv", PackageResources.tsv_yaml),
        ("vlog", PackageResources.vlog_yaml),
        ("zap-console", PackageResources.zap_console_yaml),
        ("zap-json", PackageResources.zap_json_yaml),
    ]
}
