"""The bench's statistics and its table: wrong figures there would be wrong promises in the README."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import islice

import pytest

from bench.dialogues import CONFIRMATION, INTERRUPTIONS, open_form_forever, order_number, visit, visits
from bench.figures import Level, LongChat, Run, growth, level_of, median_run, percentile, typical_ms
from bench.table import markdown, targets, verdict


def a_level(chats: int = 16, turns: float = 80.0, p95: float = 120.0, unanswered: int = 0) -> Level:
    return Level(
        chats=chats,
        turns_per_second=turns,
        p50_ms=p95 / 2,
        p95_ms=p95,
        p99_ms=p95 * 2,
        cpu_ms_per_turn=11.0,
        unanswered=unanswered,
    )


def a_run(side: str = "诉达, 2 bots", **changes: object) -> Run:
    run = Run(
        side=side,
        start_seconds=12.0,
        memory_ready_mb=500.0,
        memory_loaded_mb=600.0,
        rss_loaded_mb=900.0,
        intakes=40,
        cases=40,
        unanswered=0,
        levels=(a_level(),),
        long_chats=(LongChat("a chat that finishes tasks", {10: 10.0, 600: 10.5, 2_000: 11.0}),),
    )
    return replace(run, **changes)  # type: ignore[arg-type]


STOCK = a_run(
    "stock Rasa 3.6.21",
    start_seconds=60.0,
    memory_loaded_mb=1_400.0,
    levels=(a_level(turns=10.0, p95=2_400.0),),
    long_chats=(LongChat("a chat that finishes tasks", {10: 100.0, 600: 900.0, 2_000: None}),),
)


def met(promise: str, stock: Run, ours: Run) -> bool:
    (found,) = [target for target in targets(stock, ours) if target.promise.startswith(promise)]
    return found.met


def test_a_percentile_is_a_value_that_was_measured() -> None:
    hundred = [float(n) for n in range(100, 0, -1)]
    assert [percentile(hundred, p) for p in (50, 95, 99, 100)] == [50.0, 95.0, 99.0, 100.0]
    assert percentile([7.0], 99) == 7.0
    assert percentile([1.0, 2.0], 50) == 1.0
    with pytest.raises(ValueError, match="no values"):
        percentile([], 50)


def test_a_level_counts_turns_by_the_length_of_its_window() -> None:
    level = level_of(8, [0.010] * 95 + [0.200] * 5, seconds=4.0, cpu_seconds=1.5, unanswered=2)
    assert level.turns_per_second == 25.0
    assert (level.p50_ms, level.p95_ms, level.p99_ms) == (10.0, 10.0, 200.0)
    assert level.cpu_ms_per_turn == 15.0
    assert level.unanswered == 2


def test_a_side_that_answers_nothing_has_no_figures() -> None:
    with pytest.raises(ValueError, match="not one answer at 8 chats"):
        level_of(8, [], seconds=4.0, cpu_seconds=0.0, unanswered=8)


def test_one_hiccup_does_not_make_a_message_dear() -> None:
    assert typical_ms([0.010] * 19 + [5.0]) == pytest.approx(10.0)
    assert typical_ms([0.010, 0.030]) == pytest.approx(20.0)


def test_runs_are_summed_up_by_the_median_but_failures_by_their_sum() -> None:
    runs = [
        a_run(start_seconds=10.0, levels=(a_level(turns=70.0, unanswered=1),), unanswered=1),
        a_run(start_seconds=30.0, levels=(a_level(turns=90.0),)),
        a_run(start_seconds=11.0, levels=(a_level(turns=20.0, unanswered=2),), unanswered=2, cases=39),
    ]
    run = median_run(runs)
    assert run.start_seconds == 11.0
    assert run.levels[0].turns_per_second == 70.0
    assert run.levels[0].unanswered == run.unanswered == 3
    assert (run.intakes, run.cases) == (120, 119)


def test_a_mark_that_one_run_did_not_reach_stays_empty() -> None:
    short = a_run(long_chats=(LongChat("a chat that finishes tasks", {10: 10.0, 600: 10.5, 2_000: None}),))
    chat = median_run([a_run(), short, a_run()]).long_chats[0]
    assert chat.ms_at == {10: 10.0, 600: 10.5, 2_000: None}
    assert growth(chat) is None


def test_long_chats_are_summed_up_over_the_runs_that_had_them() -> None:
    assert median_run([a_run(), a_run(long_chats=()), a_run(long_chats=())]).long_chats == a_run().long_chats


def test_growth_is_the_late_cost_over_the_early_one() -> None:
    assert growth(a_run().long_chats[0]) == pytest.approx(1.1)


def test_the_table_sets_both_sides_beside_each_other() -> None:
    lines = markdown(STOCK, a_run()).splitlines()
    assert lines[0] == "| | stock Rasa 3.6.21 | 诉达, 2 bots | |"
    assert "| turns/s, 16 chats | 10.0 | 80.0 | 8.0 × |" in lines
    assert "| p50 / p95 / p99, 16 chats, ms | 1200 / 2400 / 4800 | 60 / 120 / 240 | 20.0 × |" in lines
    assert "| message 2,000, a chat that finishes tasks, ms | – | 11.0 | |" in [
        re.sub(r"\s+", " ", line) for line in lines
    ]
    assert "| start → first message answered, s | 60.0 | 12.0 | 5.0 × |" in lines
    assert {line.count("|") for line in lines} == {5}


@pytest.mark.parametrize(
    ("promise", "broken"),
    [
        ("turns/s at 16", a_run(levels=(a_level(turns=39.0),))),
        ("p95 at 16", a_run(levels=(a_level(p95=151.0),))),
        ("message 2,000", a_run(long_chats=(LongChat("a chat", {10: 10.0, 2_000: 12.5}),))),
        ("start", a_run(start_seconds=20.5)),
        ("every confirmed intake", a_run(cases=39)),
        ("every confirmed intake", a_run(unanswered=1)),
    ],
)
def test_a_broken_promise_is_called_missed(promise: str, broken: Run) -> None:
    assert met(promise, STOCK, a_run())
    assert not met(promise, STOCK, broken)
    assert f"**missed**: {promise}" in verdict(targets(STOCK, broken))


def test_a_visit_is_ten_messages_and_its_complaint_is_new() -> None:
    one, other = visit(), visit()
    assert len(one) == len(other) == 10
    assert one.count(CONFIRMATION) == 1
    assert set(one) - set(other), "the order number must differ, or the second complaint is a repetition"
    assert re.fullmatch(r"\d{12}", order_number(7))


def test_long_chats_repeat_every_ten_messages_and_only_one_finishes() -> None:
    assert list(islice(visits(), 40)).count(CONFIRMATION) == 4
    endless = list(islice(open_form_forever(), 103))
    assert CONFIRMATION not in endless
    assert endless[3:] == list(INTERRUPTIONS) * 20
