"""The attack's arithmetic: exact where it can be, humble where it must be."""

import itertools

import numpy as np
import pytest

from partnerloop.engine.disclosure_attack import (
    Belief,
    Seen,
    condition,
    guesses,
    mean_shares,
    shares,
)

EVEN = np.full((3, 11), 1 / 11)


def test_the_shares_of_a_mean_are_those_of_counting_all_triples() -> None:
    prior = np.random.default_rng(1).dirichlet(np.ones(11), size=3)
    told = mean_shares(prior, shown=7.3, sd=0.0)
    counted = np.zeros((3, 11))
    for triple in itertools.product(range(11), repeat=3):
        if round(sum(triple) / 3, 1) == 7.3:
            chance = np.prod([prior[who, value] for who, value in enumerate(triple)])
            for who, value in enumerate(triple):
                counted[who, value] += chance
    assert told == pytest.approx(counted / counted.sum(1, keepdims=True))


def test_a_mean_of_three_tells_little_and_a_mean_with_two_known_everything() -> None:
    assert mean_shares(EVEN, shown=7.3, sd=0.0).max() < 0.21
    known = EVEN.copy()
    known[1:] = np.eye(11)[[9, 6]]
    assert mean_shares(known, shown=7.3, sd=0.0)[0].argmax() == 7
    assert mean_shares(known, shown=7.3, sd=0.0)[0].max() == pytest.approx(1.0)
    assert mean_shares(known, shown=7.3, sd=0.5)[0].max() < 0.4


def test_a_difference_of_two_figures_gives_an_answer_away() -> None:
    prior = Belief(np.full(3, 7.0), np.full((3, 3), 0.8) + np.eye(3))
    rows = np.array([[1, 1, 1], [1, 1, 0]]) / np.array([[3], [2]])
    seen = Seen(rows, np.array([6.0, 8.0]), np.full(2, 0.03))
    found = guesses(prior, seen, batches=[])
    assert found.value[2] == 2
    assert found.sure[2]


def test_without_figures_nothing_is_sure() -> None:
    prior = Belief(np.full(4, 7.0), 1.5 * np.eye(4))
    nothing = Seen(np.zeros((0, 4)), np.zeros(0), np.zeros(0))
    found = guesses(prior, nothing, batches=[])
    assert found.value.tolist() == [7, 7, 7, 7]
    assert not found.sure.any()


def test_what_is_known_exactly_stays_known() -> None:
    prior = Belief(np.array([3.0, 7.0]), np.eye(2))
    seen = Seen(np.array([[1.0, 0.0]]), np.array([4.0]), np.array([1e-6]))
    assert condition(prior, seen).mean.tolist() == pytest.approx([4.0, 7.0])


def test_shares_add_up_to_one() -> None:
    told = shares(np.array([-2.0, 5.0, 14.0]), np.array([0.5, 2.0, 3.0]))
    assert told.sum(1) == pytest.approx(np.ones(3))
    assert told[0].argmax() == 0
    assert told[2].argmax() == 10
