"""An election under fire: what is acknowledged is kept, once, whatever dies.

The short form of `./parvis bench integrity`. Real processes, killed with SIGKILL; voters who send
again with the same key. Each protection has its control: without it, the trial sees the harm.
"""

import pytest

from config.bench.proving import faults
from config.bench.proving.cluster import CannotMountError
from config.bench.proving.field import Field
from config.bench.proving.server import Site
from config.bench.proving.voters import Election

Elections = dict[str, Election]


def test_one_form_sent_200_times_at_once_is_one_ballot_and_one_mail(
    field: Field, site: Site, elections: Elections
):
    casts = faults.cast_alike(site, elections["alike"], number=200)
    assert [cast.statuses for cast in casts] == [[200]] * 200
    assert len({(cast.code, cast.ballot_code) for cast in casts}) == 1
    held = field.holdings(elections["alike"])
    assert held.faults(casts[:1]) == []
    assert (len(held.roll), len(held.cast_entries), held.mails, held.jobs) == (1, 1, 1, 1)


def test_without_lock_and_key_one_form_is_several_ballots(field: Field, elections: Elections):
    faults.unprotected_copy(field.cluster, "sans_cle")
    with field.served(database="sans_cle") as site:
        faults.cast_alike(site, elections["unprotected"], number=40)
    assert len(field.holdings(elections["unprotected"], database="sans_cle").roll) > 1


def test_killing_postgresql_loses_and_doubles_nothing(
    field: Field, site: Site, elections: Elections
):
    outcome = faults.kill_database(field, site, elections["database"], times=3)
    assert outcome.failures > 0  # otherwise nobody noticed the kills
    assert outcome.receipts == outcome.casts > 20
    assert outcome.faults == []


def test_a_database_that_acknowledges_too_early_is_caught_losing_ballots(
    field: Field, site: Site, elections: Elections
):
    outcome = faults.kill_forgetful_database(field, site, elections["forgetful"])
    assert outcome.lost > 0
    assert "a receipt without a line in the roll" in outcome.faults


def test_killing_a_process_of_the_site_loses_and_doubles_nothing(
    field: Field, site: Site, elections: Elections
):
    outcome = faults.kill_workers(field, site, elections["workers"], times=5)
    assert outcome.failures > 0
    assert outcome.receipts == outcome.casts > 20
    assert outcome.faults == []


def test_killing_the_master_of_the_site_loses_and_doubles_nothing(
    field: Field, site: Site, elections: Elections
):
    outcome = faults.kill_masters(field, site, elections["masters"], times=1)
    assert outcome.receipts == outcome.casts > 20
    assert outcome.faults == []


def test_a_full_disk_is_said_and_no_receipt_is_false(
    field: Field, site: Site, elections: Elections
):
    try:
        outcome, errors, page = faults.fill_disk(field, site, elections["full"], times=1)
    except CannotMountError as error:
        pytest.skip(f"this account may not mount a small disk: {error}")
    assert errors == {503}
    assert "renvoyez le même formulaire" in page
    assert outcome.receipts == outcome.casts > 20  # everybody has a true one once space returned
    assert outcome.faults == []


def test_each_ballot_of_an_account_has_its_mail_in_the_queue(
    field: Field, site: Site, elections: Elections
):
    faults.kill_workers(field, site, elections["mails"], times=1)
    held = field.holdings(elections["mails"])
    assert len(held.cast_entries) == held.mails == held.jobs > 0


def test_a_renewal_of_the_processes_is_not_noticed(field: Field, site: Site, elections: Elections):
    outcome = faults.renew_workers(field, site, elections["renewed"], times=1)
    assert outcome.failures == 0
    assert outcome.receipts == outcome.casts > 20
    assert outcome.faults == []


def test_no_connection_left_is_a_busy_site_and_no_loss(
    field: Field, site: Site, elections: Elections
):
    outcome, errors = faults.exhaust_connections(field, site, elections["crowded"])
    assert errors == {503}
    assert outcome.receipts == outcome.casts > 20
    assert outcome.faults == []


def test_the_close_comes_under_load_and_nothing_enters_after_it(
    field: Field, site: Site, elections: Elections
):
    outcome, late, refused = faults.close_under_load(field, site, elections["closed"])
    assert late == 0
    assert refused > 0
    assert outcome.receipts > 20
    assert outcome.receipts + refused == outcome.casts
    assert outcome.faults == []


def test_a_lost_answer_is_given_again(field: Field, site: Site, elections: Elections):
    casts, outcome = faults.cut_answers(field, site, elections["cut"], number=20)
    assert outcome.times == 20
    assert [cast.statuses for cast in casts] == [[None, 200]] * 20
    assert outcome.faults == []
    assert len(field.holdings(elections["cut"]).cast_entries) == 20
