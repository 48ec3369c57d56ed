"""What clusters may keep in memory together, and what each of them may keep whatever the others do."""

import pytest

from isvclog.cluster import memory
from isvclog.cluster.errors import TooManyObjects
from isvclog.cluster.memory import Account, Memory

CLUSTERS = 4


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "MOST_KEPT", 64_000)


def fill(account: Account) -> int:
    """Charge an account until there is no more."""
    for size in range(0, 2 * memory.MOST_KEPT, 100):
        try:
            account.charge(100)
        except TooManyObjects:
            return size
    pytest.fail("the account has no limit")


def test_a_cluster_that_takes_all_leaves_a_share_to_the_others() -> None:
    shared = Memory(CLUSTERS)
    accounts = [Account(shared) for _ in range(2 * CLUSTERS)]
    sizes = [fill(account) for account in accounts]
    assert sizes[0] > 50_000
    assert all(size > 500 for size in sizes)
    assert sum(sizes) <= memory.MOST_KEPT


def test_one_cluster_may_have_all() -> None:
    assert fill(Account(Memory())) == memory.MOST_KEPT


def test_a_closed_account_gives_back_what_it_does_not_keep() -> None:
    shared = Memory()
    first = Account(shared)
    first.charge(30_000)
    first.charge(10_000, for_good=True)
    first.close()
    with pytest.raises(TooManyObjects):
        first.charge(1)
    assert fill(Account(shared)) == memory.MOST_KEPT - 10_000
