import EventModel

/// Finds the files of the arguments: each real file once, in an order that does not depend on the disk's.
struct FolderWalk {
    /// A regular file.
    struct File {
        /// The path below the bundle.
        let label: String
        let path: FilePath
        let status: FileStatus
    }

    /// What the names of folders end with that hold an index: what is in them is read already.
    private static let indexSuffix = Array(".inquest".utf8)

    private(set) var files: [File] = []
    private(set) var passedOver: [BundleSummary.PassedOver] = []
    private(set) var damage: [BundleSummary.Damage] = []
    /// The labels of what was found, so that nothing is read twice and no loop goes round.
    private(set) var seen: [FileStatus.Identity: String] = [:]

    /// Adds a file argument.
    mutating func add(file path: FilePath, status: FileStatus, label: String) {
        note(file: path, status: status, label: label)
    }

    /// Adds a folder argument with all that is in it. Links are followed when the real files have been found, and only to
    /// what lies in the folder: mostly into a hidden folder beside them.
    mutating func add(folder root: FilePath, status: FileStatus, prefix: String) throws(SystemError) {
        guard seen[status.identity] == nil else { return }
        seen[status.identity] = prefix.isEmpty ? "." : prefix
        var links: [Link] = []
        var folders: [Folder] = []
        // The argument itself must be readable; what is inside it may be damaged.
        try list(Folder(path: root, label: prefix), &folders, &links)
        var next = 0
        repeat {
            while let folder = folders.popLast() {
                do throws(SystemError) {
                    try list(folder, &folders, &links)
                } catch {
                    damage.append(
                        BundleSummary.Damage(
                            path: folder.label, byte: nil, message: "the folder cannot be read: \(error.text)"))
                }
            }
            if next < links.count {
                follow(links[next], root: root, &folders)
                next += 1
            }
        } while next < links.count || !folders.isEmpty
    }

    private struct Folder {
        let path: FilePath
        let label: String

        func label(of name: [UInt8]) -> String {
            let text = VisibleText.decoded(name)
            return label.isEmpty ? text : label + "/" + text
        }
    }

    private struct Link {
        let path: FilePath
        let label: String
    }

    private mutating func list(_ folder: Folder, _ folders: inout [Folder], _ links: inout [Link]) throws(SystemError) {
        var inner: [Folder] = []
        for name in try folder.path.entries() where name.first != UInt8(ascii: ".") {
            let path = folder.path.appending(name)
            let label = folder.label(of: name)
            do throws(SystemError) {
                let status = try FileStatus(path: path, following: false)
                switch status.kind {
                case .file:
                    note(file: path, status: status, label: label)
                case .folder where name.ends(with: FolderWalk.indexSuffix):
                    passOver(label, "an index made by inquest index")
                case .folder:
                    if seen.updateValue(label, forKey: status.identity) == nil {
                        inner.append(Folder(path: path, label: label))
                    }
                case .link:
                    links.append(Link(path: path, label: label))
                case .other:
                    passOver(label, "neither a file nor a folder")
                }
            } catch {
                damage.append(BundleSummary.Damage(path: label, byte: nil, message: "cannot be read: \(error.text)"))
            }
        }
        folders += inner.reversed()
    }

    private mutating func follow(_ link: Link, root: FilePath, _ folders: inout [Folder]) {
        guard let target = link.path.resolved, let status = try? FileStatus(path: target, following: false) else {
            return passOver(link.label, "a symbolic link that leads nowhere")
        }
        guard target.lies(inside: root) else {
            return passOver(link.label, "a symbolic link that leads out of the bundle")
        }
        switch status.kind {
        case .file:
            note(file: target, status: status, label: link.label)
        case .folder:
            if let known = seen[status.identity] {
                passOver(link.label, "a symbolic link to \(known), which is read already")
            } else {
                seen[status.identity] = link.label
                folders.append(Folder(path: target, label: link.label))
            }
        case .link, .other:
            passOver(link.label, "neither a file nor a folder")
        }
    }

    private mutating func note(file path: FilePath, status: FileStatus, label: String) {
        if let known = seen[status.identity] {
            passOver(label, "the same file as \(known)")
        } else {
            seen[status.identity] = label
            files.append(File(label: label, path: path, status: status))
        }
    }

    private mutating func passOver(_ label: String, _ reason: String) {
        passedOver.append(BundleSummary.PassedOver(path: label, reason: reason))
    }
}

extension [UInt8] {
    fileprivate func ends(with suffix: [UInt8]) -> Bool { self.suffix(suffix.count).elementsEqual(suffix) }
}
