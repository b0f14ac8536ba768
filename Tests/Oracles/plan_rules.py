"""What the records of an endpoint decide of an overwrite or a deletion, from the contract's effective order alone.

Careful on the side of the program: "decided" is claimed only where one of the plain proofs is at hand.
"""
from collections import defaultdict


class Rules:
    """The proofs in one race."""

    def __init__(self, race):
        self.race = race
        self.held = race.held_commits()
        self.tries = race.doubtful_tries()
        self.deletions = defaultdict(list)
        for line in race.records("plan.deleted"):
            self.deletions[line["plan"]].append(line)

    # Overwrites.

    def decided(self, write):
        """The proof that a write took effect immediately over a newer generation; None where the records have none."""
        if self.replaces(write):
            return "replaces"
        displaced = self.previous(write)
        if displaced is None or not displaced.is_left or not write.is_left:
            return None
        if self.in_store_log(displaced, write):
            return "store's log"
        if "healing-store" in self.race.faults and self.deletions[displaced.plan]:
            return None
        if self.is_dense(displaced, write):
            return "commits"
        if self.by_order(displaced, write):
            return "order"
        return None

    def previous(self, write):
        row = self.race.history[write.endpoint]
        at = row.index(write)
        return row[at - 1] if at else None

    def shown_previous(self, write):
        """The last effect ahead that matters: no loss is assumed that no record shows, nor does the same generation again
        change what is active."""
        row = self.race.history[write.endpoint]
        for at in reversed(range(row.index(write))):
            is_again = at > 0 and not row[at].is_left and row[at - 1].plan == row[at].plan and row[at].kind == "write"
            if not is_again and not self.is_unshown(row[at]):
                return row[at]
        return None

    def replaces(self, write):
        return write.answer is not None and (write.answer["replaces"] or 0) > write.plan

    def missing_commits(self, one, other):
        """Commits between two writes that no record holds; None where commits prove nothing about what lies between."""
        scope = self.race.commit_scope
        if scope not in ("store", "endpoint") or one.commit is None or other.commit is None or one.kind == "deletion":
            return None
        key = one.store if scope == "store" else (one.store, one.endpoint)
        return {c for c in range(one.commit + 1, other.commit) if c not in self.held[key]}

    def is_dense(self, one, other):
        """Whether the commits between two writes are all held, by records of which it is known whose count they are."""
        missing = self.missing_commits(one, other)
        if missing != set() or self.race.commit_scope == "endpoint" or "no-store-names" not in self.race.faults:
            return missing == set()
        return one.stored is not None and other.stored is not None and all(
            c in self.held["by itself", one.store] for c in range(one.commit + 1, other.commit))

    def in_store_log(self, one, other):
        """Whether the store's log holds both and every record between, and bears counters that show it."""
        if one.stored is None or other.stored is None or one.stored.own is None or other.stored.own is None:
            return False
        return all(self.race.line(one.store, n) for n in range(one.stored_ordinal, other.stored_ordinal + 1))

    def by_order(self, displaced, write):
        """Whether rules 1 to 3 order all effects of the endpoint around two, and nothing else can lie between."""
        race, row = self.race, self.race.history[write.endpoint]
        if race.is_counter_reset or self.deletions[displaced.plan]:
            return False
        # What left no answer must have been sent after the write.
        if not all(e.is_left or e.sending is not None and any(e.sending.knows(r) for r in write.records) for e in row):
            return False
        if not self.precedes(displaced, write):
            return False
        for sending, answer in self.tries[write.endpoint]:
            first = sending or answer
            if not any(first.knows(record) for record in write.records):
                return False
        return all(e in (displaced, write) or self.precedes(e, displaced) or self.precedes(write, e)
                   for e in row if e.is_left)

    def precedes(self, one, other):
        """Whether rules 1 to 3 put one effect ahead of another."""
        if one.store == other.store and one.commit is not None and other.commit is not None \
                and self.race.commit_scope is not None:
            return one.commit < other.commit
        if one.stored is not None and other.stored is not None and one.stored.own is not None:
            return one.stored_ordinal < other.stored_ordinal
        start = other.sending if other.kind == "write" else None
        return any(late is not None and any(late.knows(record) for record in one.records)
                   for late in (start, other.stored))

    def most(self, write):
        """The surest confidence that the contract allows for a write that is not decided."""
        displaced = self.shown_previous(write)
        if displaced is None or not displaced.is_left or not write.is_left:
            return "possible"
        if self.missing_commits(displaced, write):
            return "possible"
        for sending, answer in self.tries[write.endpoint]:
            if not self.is_excluded(sending or answer, displaced, write):
                return "likely"
        return "proven"

    def is_excluded(self, doubtful, displaced, write):
        """Whether a try in doubt does not matter to an overwrite, came after it, or may be settled by what followed."""
        if doubtful["plan"] == displaced.plan or (doubtful["plan"], doubtful.actor) == (write.plan, write.actor):
            return True
        row = self.race.history[write.endpoint]
        later = [record for effect in row[row.index(write):] for record in effect.records]
        if any(doubtful.knows(record) for record in later) or self.missing_commits(displaced, write) == set():
            return True
        # Times of a race are right but for this fault; all are written in the same form.
        if "hour-clocks" not in self.race.faults and any(doubtful["ts"] >= record["ts"] for record in write.records):
            return True
        for before, effect in zip([None] + row, row[:row.index(displaced) + 1]):
            proves = effect.answer is not None and effect.answer["replaces"] is not None \
                or before is not None and self.missing_commits(before, effect) == set() \
                or before is not None and self.in_store_log(before, effect)
            if proves and not any(doubtful.knows(record) for record in effect.records):
                return True
        return False

    # Loss that nothing shows.

    def is_unshown(self, effect):
        """Whether an effect left no record at all, and nothing in the logs shows that one is missing."""
        if effect.is_left or self.race.commit_scope in ("store", "endpoint"):
            return False
        # A request that took effect twice was sent once, and its answer is that of the first.
        row = self.race.history[effect.endpoint]
        if effect.sending is not None and not any(
                e is not effect and e.is_left and e.sending is effect.sending for e in row):
            return False
        if effect.kind == "deletion" and self.deletions[effect.plan]:
            return False
        if any(answer is not None and answer["plan"] == effect.plan and answer.actor == effect.actor
               for _, answer in self.tries[effect.endpoint]):
            return False
        # A store's log with counters shows the gap, unless it ends ahead of it.
        lines = [n for (actor, n), line in self.race.lines.items() if actor == effect.store and line.own is not None]
        return not lines or max(lines) < effect.stored_ordinal

    # Awareness.

    def awareness(self, write):
        """What the writer's check saw; None where the records that decide it are lost or doubtful."""
        check = write.check
        if write.kind != "write" or check is None or write.sending is None:
            return None
        same = [line for line in self.race.records("plan.checked")
                if line.actor == write.actor and line["plan"] == write.plan]
        if len(same) != 1:
            return None
        if check["active"] is not None:
            return "aware" if check["active"] > write.plan else "unaware"
        displaced = self.previous(write)
        if self.race.is_counter_reset or displaced is None or not displaced.is_left:
            return None
        if not check.clock or not all(record.clock for record in displaced.records):
            return None
        return "aware" if any(check.knows(record) for record in displaced.records) else "unaware"

    # Deletions.

    def is_decided_deletion(self, deletion):
        return deletion.answer is not None and deletion.emptied is not None
