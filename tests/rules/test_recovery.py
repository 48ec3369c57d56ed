"""A service that the API server rejects is read as it was intended, and reading it never fails."""

from typing import Any

import pytest
from services import manifest

from isvclog.kserve.apis.releases import NEWEST
from isvclog.rules.recovery import recover_service


@pytest.mark.parametrize("spec", [None, [], "text", 1, {}])
def test_a_spec_that_is_no_mapping(spec: Any) -> None:
    service, rooted = recover_service({**manifest(), "spec": spec}, NEWEST)
    assert service is not None
    assert not rooted
    assert service.predictor_logger is None


@pytest.mark.parametrize("name", [["sklearn"], {"name": "sklearn"}, 1])
def test_a_model_format_whose_name_is_no_text_does_not_hide_the_logger(name: Any) -> None:
    data = manifest(predictor={"model": {"modelFormat": {"name": name}}})
    service, _ = recover_service(data, NEWEST)
    assert service is not None
    assert service.predictor_logger is not None


@pytest.mark.parametrize("transformer", [[None], [{}], "text", 1])
def test_a_component_that_is_no_mapping_does_not_hide_the_others(transformer: Any) -> None:
    service, _ = recover_service(manifest(transformer=transformer), NEWEST)
    assert service is not None
    assert list(service.components) == ["predictor"]
