"""The table of attributes says what the simulator builds, for every release."""

import pytest
from services import service

from isvclog.kserve.agent.http_exchange import Request
from isvclog.kserve.apis.installation import Installation
from isvclog.kserve.apis.releases import ALL_RELEASES, NEXT, Release
from isvclog.kserve.exchange_result import Exchange, predict_exchange
from isvclog.kserve.logger.attributes import event_attributes
from isvclog.kserve.prediction import predict
from isvclog.kserve.sample_exchange import build_sample


@pytest.mark.parametrize("release", [*ALL_RELEASES, NEXT], ids=str)
def test_events_have_these_attributes(release: Release) -> None:
    listed = {"metadataAnnotations": ["team"], "metadataHeaders": ["X-Request-Id"], "logAllResponses": True}
    known = {name: value for name, value in listed.items() if release.has(name)}
    item = service(str(release.name), annotations={"team": "risk"}, logger=known)
    request, response = build_sample(item)
    request = Request(
        request.method, request.target, [*request.headers, ("Content-Length", str(len(request.body)))], request.body
    )
    prediction = predict(item, item.components["predictor"], Installation(release), as_if_deployed=True)
    result = predict_exchange(prediction, Exchange(request, response, "1", 0))
    assert len(result.delivery.events) == 2
    described = event_attributes(release)
    required = {each.name for each in described if each.is_required}
    for event in result.delivery.events:
        found = {name[3:].lower() for name, value in event.headers if name.startswith("Ce-")} | {"datacontenttype"}
        assert required <= found
        assert found <= {each.name for each in described}
    assert found == {each.name for each in described}  # those of the response, which has all
