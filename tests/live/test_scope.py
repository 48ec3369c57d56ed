"""The scope of a command about a cluster: where services are searched, and which ones are selected."""

from pathlib import Path

import pytest
from apiserver import ApiServer

from isvclog.cluster import Access
from isvclog.live.scope import ScopeSettings, open_scope


@pytest.fixture
def settings(api: ApiServer, tmp_path: Path) -> ScopeSettings:
    return ScopeSettings(Access(str(api.kubeconfig(tmp_path)), namespace="ml"))


def test_the_place_is_named_as_precisely_as_it_is_known(settings: ScopeSettings) -> None:
    places = []
    for change in (settings, settings._replace(all_namespaces=True), settings._replace(names=("risk/fraud",))):
        with open_scope(change, pytest.fail) as scope:
            places.append((scope.place, scope.namespace))
    assert places == [("namespace ml of context test", "ml"), ("context test", ""), ("context test", "ml")]


def test_names_select_services_with_and_without_a_namespace(settings: ScopeSettings) -> None:
    with open_scope(settings._replace(names=("churn", "risk/fraud")), pytest.fail) as scope:
        candidates = [("ml", "churn"), ("risk", "churn"), ("risk", "fraud"), ("ml", "fraud")]
        assert [scope.selects(*each) for each in candidates] == [True, False, True, False]
    with open_scope(settings, pytest.fail) as scope:
        assert scope.selects("anywhere", "anything")


def test_facts_that_cannot_be_read_are_reported(settings: ScopeSettings, api: ApiServer) -> None:
    api.forbid("configmaps")
    sentences: list[str] = []
    with open_scope(settings, sentences.append):
        assert "ConfigMap kserve/inferenceservice-config cannot be read (no permission)" in sentences[0]
