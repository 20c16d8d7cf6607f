"""When to act and when to ask back is derived from what was held out."""

import pytest

from bot.evaluation.thresholds import (
    ASKED,
    ASKED_IN_VAIN,
    WRONG,
    Judged,
    asks_back,
    best_sharpness,
    best_threshold,
    cost,
    log_loss,
    sharpened,
)


def judged(right: bool, confidence: float) -> Judged:
    return Judged("a" if right else "b", [("a", confidence), ("b", 1 - confidence)])


def test_sharpening_keeps_the_order_and_the_sum():
    ranking = sharpened([("a", 0.6), ("b", 0.4)], 2.0)
    assert [name for name, _ in ranking] == ["a", "b"]
    assert sum(confidence for _, confidence in ranking) == pytest.approx(1)
    assert ranking[0][1] > 0.6


def test_who_is_right_more_often_than_it_says_is_sharpened():
    modest = [judged(True, 0.6)] * 9 + [judged(False, 0.6)]
    boastful = [judged(True, 0.99)] * 6 + [judged(False, 0.99)] * 4
    assert best_sharpness(modest) > 1 > best_sharpness(boastful)


def test_the_loss_of_somebody_who_knows_nothing_of_the_truth_is_finite():
    assert 0 < log_loss([Judged("c", [("a", 1.0)])]) < 50


def test_each_outcome_has_its_cost():
    assert cost([judged(True, 0.9)], 0.5) == 0
    assert cost([judged(False, 0.9)], 0.5) == WRONG
    assert cost([judged(False, 0.48)], 0.5) == ASKED
    assert cost([Judged("z", [("a", 0.4), ("b", 0.3)])], 0.5) == ASKED_IN_VAIN


def test_nothing_understood_asks_back():
    assert asks_back([], 0.0)


def test_the_threshold_lies_between_what_is_right_and_what_is_wrong():
    threshold = best_threshold([judged(True, 0.9)] * 50 + [judged(False, 0.6)] * 50)
    assert not asks_back([("a", 0.9), ("b", 0.1)], threshold)
    assert asks_back([("a", 0.6), ("b", 0.4)], threshold)
