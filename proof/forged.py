"""The checker is tried: a clean story must pass, and of each invariant a forged one must be caught, by that invariant.

    python3 -m unittest proof.forged

Not here: any host. All of it runs in a second.
"""

from __future__ import annotations

import sqlite3
import tempfile
import unittest
from pathlib import Path

from . import asking, check_tables, facts, outsiders, switching
from .database import Database
from .findings import INVARIANTS, Finding
from .forge import DEALER, Forge
from .history import ANSWERED, HUNG, TROUBLE, Heard


class Forged(unittest.TestCase):
    """One test for each way to be wrong."""

    def caught(self, invariant: str, forge: Forge, tables=None) -> None:
        """It is found, under that name."""
        self.assertIn(invariant, forge.found(tables))

    def caught_by_a_race(self, invariant: str, found: list[Finding]) -> None:
        """The look of a race finds it."""
        self.assertEqual([one.invariant for one in found], [invariant])

    def test_a_clean_story_passes(self) -> None:
        self.assertEqual(Forge().story().found(), set())

    def test_a_seat_is_sold_twice_in_tables_that_agree_with_each_other(self) -> None:
        forge = Forge()
        for learner in "abcd":
            forge.does("registered", learner)
        self.caught("oversold", forge)

    def test_somebody_is_let_in_beyond_and_that_is_no_fault(self) -> None:
        forge = Forge()
        for learner in "abc":
            forge.does("registered", learner)
        forge.does("admitted_beyond", "d", reason="the board")
        self.assertEqual(forge.found(), set())
        forge.does("cancelled", "a", data={"late": False})
        forge.does("registered", "e")
        self.caught("oversold", forge)

    def test_somebody_is_let_in_beside_a_seat_that_is_set_aside_and_used_later(self) -> None:
        forge = Forge()
        forge.save("block.saved", {"block_saved": {"dealer": DEALER, "seats": 1, "used": 0}}, session="s1")
        for learner in "ab":
            forge.does("registered", learner)
        forge.does("admitted_beyond", "c", reason="the board")
        forge.save("block.used", {"block_used": DEALER}, session="s1", order="taken")
        forge.does("registered", "d", order="taken")
        self.assertEqual(forge.found(), set())
        forge.does("registered", "e")
        self.caught("oversold", forge)

    def test_a_row_too_many_beside_columns_that_add_up(self) -> None:
        forge = Forge().story()
        tables = forge.tables()
        tables["registration"].append({"id": "x", "session_id": "s1", "learner_id": "h", "status": "confirmed"})
        self.assertLessEqual({"oversold", "ledger", "lost"}, forge.found(tables))

    def test_columns_are_not_the_people(self) -> None:
        for column in ("confirmed", "held", "offered", "waitlisted", "reserved"):
            forge = Forge().story()
            tables = forge.tables()
            tables["session"][0][column] += 1
            tables["session"][0]["open"] -= column != "waitlisted"
            self.caught("ledger", forge, tables)

    def test_the_journal_says_other_numbers_than_its_people(self) -> None:
        forge = Forge().story()
        forge.journal[-1]["seats"] = {"capacity": 3, "confirmed": 2, "held": 0, "offered": 0, "reserved": 0, "waitlisted": 0, "over_capacity": 0}
        self.caught("ledger", forge)

    def test_a_registration_is_gone_or_stands_elsewhere(self) -> None:
        forge = Forge().story()
        tables = forge.tables()
        tables["registration"].pop()
        self.caught("lost", forge, tables)
        tables = forge.tables()
        tables["registration"][0]["status"] = "confirmed"
        self.caught("lost", forge, tables)

    def test_a_client_was_told_what_nobody_wrote_down(self) -> None:
        forge = Forge().story()
        forge.heard("register", 201, forge.said("h", "confirmed"), person="h", key="key-h")
        self.caught("lost", forge)

    def test_a_client_was_told_of_a_seat_that_was_gone_already(self) -> None:
        forge = Forge().story()
        forge.at += 60
        forge.heard("registration", 200, forge.said("a", "confirmed"))
        self.caught("lost", forge)

    def test_a_course_that_was_made_is_not_there(self) -> None:
        forge = Forge().story()
        forge.heard("add_course", 201, {"id": "nowhere"}, key="key-course")
        self.caught("lost", forge)

    def test_a_capacity_that_the_journal_does_not_know(self) -> None:
        forge = Forge().story()
        tables = forge.tables()
        tables["session"][1]["capacity"] += 1
        tables["session"][1]["open"] += 1
        self.caught("lost", forge, tables)

    def test_two_live_registrations_for_one_session(self) -> None:
        forge = Forge()
        forge.does("registered", "a")
        forge.save("registration.waitlisted", {"waitlisted": {"automatic": False}}, session="s1", learner="a", registration="second")
        self.caught("doubled", forge)

    def test_one_key_made_two_registrations(self) -> None:
        forge = Forge()
        forge.does("registered", "a")
        forge.heard("register", 201, forge.said("a", "confirmed"), key="k")
        forge.does("registered", "a", "s2")
        forge.heard("register", 201, forge.said("a", "confirmed", "s2"), key="k", turn=1)
        self.assertLessEqual({"doubled", "repeated"}, forge.found())

    def test_a_thing_with_a_mark_of_its_own_is_there_twice(self) -> None:
        forge = Forge()
        tables = forge.tables()
        tables["course"].extend([{"id": "1", "title": "New #1"}, {"id": "2", "title": "New #1"}])
        self.caught("doubled", forge, tables)

    def test_nothing_was_heard(self) -> None:
        forge = Forge().story()
        forge.heard("register", 0, outcome=HUNG)
        self.caught("hung", forge)

    def test_a_host_that_lives_and_does_no_write(self) -> None:
        for away in (False, True):
            forge = Forge().story()
            if away:
                forge.history.append(Heard(TROUBLE, -1, None, forge.at + 1, forge.at + 5, ANSWERED))
            for turn in range(8):
                forge.at += 2
                forge.heard("cancel_registration", 503, key=f"still-{turn}", code="busy")
            self.assertEqual("hung" in forge.found(), not away)

    def test_a_fault_of_the_product(self) -> None:
        forge = Forge().story()
        forge.heard("register", 500)
        self.caught("answers 500", forge)

    def test_two_seats_at_one_time(self) -> None:
        forge = Forge()
        forge.session("s3", 3, 30.1)
        forge.does("registered", "a")
        forge.does("registered", "a", "s3")
        self.caught("two seats at once", forge)

    def test_two_seats_at_one_time_that_somebody_answers_for(self) -> None:
        forge = Forge()
        forge.session("s3", 3, 30.1)
        forge.does("registered", "a")
        forge.admin("root")
        forge.does("registered", "a", "s3", reason="both are needed", actor="root")
        self.assertEqual(forge.found(), set())

    def test_two_seats_at_one_time_that_nobody_may_answer_for(self) -> None:
        forge = Forge()
        forge.session("s3", 3, 30.1)
        forge.does("registered", "a")
        forge.does("walked_in", "a", "s3", data={"beyond_capacity": False}, reason="stood in the door", actor="b")
        self.caught("two seats at once", forge)

    def test_a_session_that_moves_onto_a_seat_is_no_fault_and_an_offer_taken_after_it_is(self) -> None:
        forge = Forge()
        for learner in "abc":
            forge.does("registered", learner)
        forge.does("registered", "d", "s2")
        forge.waits("d")
        forge.does("cancelled", "a", data={"late": False}, order="o")
        forge.does("offer_made", "d", data={}, order="o")
        forge.session("s2", 3, 30.1, "session_changed")
        self.assertEqual(forge.found(), set())
        forge.does("offer_taken", "d")
        self.caught("two seats at once", forge)

    def test_a_seat_for_somebody_who_left_lacks_a_course_or_teaches(self) -> None:
        left, lacks, teaches = Forge(), Forge(), Forge()
        left.people("a", active=False)
        left.does("registered", "a")
        self.caught("gate", left)
        lacks.people("x")
        lacks.does("registered", "x")
        self.caught("gate", lacks)
        teaches.session("s3", 3, 30.1, instructors=("a",))
        teaches.does("registered", "a")
        self.caught("gate", teaches)

    def test_a_newcomer_passes_the_queue(self) -> None:
        forge = Forge()
        for learner in "abc":
            forge.does("registered", learner)
        forge.waits("d")
        forge.does("cancelled", "a", data={"late": False})
        forge.does("registered", "e")
        self.caught("overtaken", forge)

    def test_a_seat_stays_open_beside_somebody_who_could_have_it(self) -> None:
        forge = Forge()
        for learner in "abc":
            forge.does("registered", learner)
        forge.waits("d")
        forge.does("cancelled", "a", data={"late": False})
        self.caught("unserved", forge)
        forge.does("skipped", "d", data={"why": {"code": "dealer-cap-reached"}})
        self.assertEqual(forge.found(), set())

    def test_an_obstacle_that_is_gone_is_no_excuse(self) -> None:
        forge = Forge()
        forge.waits("d")
        forge.does("skipped", "d", data={"why": {"code": "clash", "with": []}})
        self.caught("unserved", forge)

    def test_part_of_a_group_is_given_seats(self) -> None:
        forge = Forge()
        for learner in "de":
            forge.waits(learner, group="g")
        forge.does("promoted", "d")
        self.caught("groups", forge)

    def test_a_seat_is_given_up_for_nothing_or_had_twice(self) -> None:
        forge = Forge()
        forge.does("registered", "a")
        forge.does("transferred", "a", data={"to": "s2-a", "late": False})
        self.caught("swap", forge)
        forge = Forge()
        forge.does("registered", "a", "s2")
        forge.waits("a", gives_back="s2-a")
        forge.does("promoted", "a")
        self.caught("swap", forge)

    def test_who_left_still_has_a_place(self) -> None:
        forge = Forge()
        forge.does("registered", "a")
        forge.people("a", active=False)
        self.caught("left", forge)

    def test_a_request_is_answered_otherwise_the_second_time(self) -> None:
        for status, said, code in ((409, None, "session-full"), (201, "waitlisted", None), (200, "confirmed", None)):
            forge = Forge().story()
            facts = forge.said("b", said) if said else {}
            forge.heard("register", status, facts, person="b", key="key-b", turn=1, code=code)
            self.caught("repeated", forge)

    def test_who_may_no_longer_see_it_is_refused_and_that_is_no_fault(self) -> None:
        forge = Forge().story()
        forge.people("b")
        forge.heard("register", 403, person="b", key="key-b", turn=1, code="forbidden")
        self.assertNotIn("repeated", forge.found())

    def test_another_body_under_a_key_is_done(self) -> None:
        forge = Forge().story()
        forge.at += 5
        forge.heard("register", 201, forge.said("b", "confirmed"), person="b", key="key-b", turn=1, same_body=False)
        self.caught("repeated", forge)

    def test_an_answer_contradicts_itself(self) -> None:
        seats = {"capacity": 3, "confirmed": 2, "held": 0, "offered": 0, "reserved": 0, "open": 0, "waitlisted": 0, "over_capacity": 0}
        self.assertTrue(facts.wrong_in("session", {"seats": seats}))
        self.assertTrue(facts.wrong_in("roster", {"items": [], "seats": {**seats, "open": 1}}, whole_roster=True))
        self.assertFalse(facts.wrong_in("roster", {"items": [{"status": "confirmed"}] * 2, "seats": {**seats, "open": 1}}, whole_roster=True))
        forge = Forge().story()
        forge.heard("roster", 200, wrong=["as said above"])
        self.caught("answers wrong", forge)

    def test_the_journal_has_a_gap_a_double_or_an_end_that_is_cut_off(self) -> None:
        forge = Forge().story()
        del forge.journal[-3]
        self.caught("journal", forge)
        forge = Forge().story()
        forge.journal[-1]["id"] = forge.journal[-2]["id"]
        self.caught("doubled", forge)
        forge = Forge().story()
        tables = forge.tables()
        tables["journal_head"][0]["last"] += 1
        self.caught("journal", forge, tables)

    def test_a_timer_that_is_due_and_not_done(self) -> None:
        forge = Forge().story()
        tables = forge.tables()
        tables["timer"].append({"kind": "offer-lapse", "subject_id": "s1-d", "due": forge.at - 60})
        self.caught("settled", forge, tables)

    def test_blocks_are_reserved_and_used(self) -> None:
        forge = Forge()
        forge.save("block.saved", {"block_saved": {"dealer": DEALER, "seats": 3, "used": 0}}, session="s1")
        forge.save("block.used", {"block_used": DEALER}, "o", session="s1")
        forge.does("registered", "a", order="o")
        tables = forge.tables()
        self.assertEqual((tables["session"][0]["reserved"], tables["session"][0]["open"]), (2, 0))
        self.assertEqual(forge.found(tables), set())

    def test_the_quick_look_at_an_sqlite_file(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "forged.db"
            with sqlite3.connect(file) as made:
                numbers = ", ".join(f"{name} INTEGER" for name in check_tables.NUMBERS)
                made.execute(f"CREATE TABLE session (id TEXT, {numbers})")
                made.execute("CREATE TABLE registration (id TEXT, session_id TEXT, status TEXT)")
                made.execute("INSERT INTO session VALUES ('s', 1, 1, 0, 0, 0, 0, 0, 0)")
                made.execute("INSERT INTO registration VALUES ('r', 's', 'confirmed')")
            made.close()
            self.assertEqual(check_tables.quick(Database(f"sqlite:{file}")), [])
            with sqlite3.connect(file) as made:
                made.execute("INSERT INTO registration VALUES ('q', 's', 'confirmed')")
            made.close()
            found = {one.invariant for one in check_tables.quick(Database(f"sqlite:{file}"))}
            self.assertEqual(found, {"oversold", "ledger"})

    def test_a_stranger_is_answered(self) -> None:
        self.assertEqual(outsiders.answered("s", {"a": 404, "b": 403, "c": None}), [])
        self.caught_by_a_race("strangers", outsiders.answered("s", {"a": 404, "b": 200}))

    def test_a_resumed_stream_leaves_something_out_or_tells_it_twice(self) -> None:
        self.assertEqual(outsiders.left_out("s", [1, 2, 3, 5], [2, 3, 5]), [])
        self.caught_by_a_race("live", outsiders.left_out("s", [1, 2, 3, 5], [2, 5]))
        self.caught_by_a_race("live", outsiders.left_out("s", [1, 2, 3, 5], [2, 3, 3, 5]))
        self.caught_by_a_race("live", outsiders.left_out("s", [1, 2], []))

    def test_no_edition_counts_or_both_do(self) -> None:
        self.assertEqual(asking.not_all("s", {"ada": 7, "ben": 7}, "now"), [])
        self.caught_by_a_race("rules", asking.not_all("s", {"ada": 7, "ben": None}, "now"))
        self.assertEqual(switching.not_one("p", {0: {1}, 1: {2}, 2: None}), [])
        self.caught_by_a_race("rules", switching.not_one("p", {0: {1}, 1: set()}))
        self.caught_by_a_race("rules", switching.not_one("p", {0: {1, 2}, 1: {2}}))
        # Added, changed, and then activated three times; the second time without an answer.
        self.assertEqual(switching.not_kept("p", {3: 1, 5: 1}, [None, None, 1, 2, 1]), [])
        self.caught_by_a_race("lost", switching.not_kept("p", {3: 1, 5: 2}, [None, None, 1, 2, 1]))
        self.caught_by_a_race("lost", switching.not_kept("p", {3: 1, 6: 2}, [None, None, 1, 2, 1]))

    def test_no_invariant_is_left_untried(self) -> None:
        here = Path(__file__).read_text(encoding="utf-8")
        self.assertEqual([name for name in INVARIANTS if f'caught("{name}"' not in here and f'by_a_race("{name}"' not in here], [])


if __name__ == "__main__":
    unittest.main()
