"""Rules about Services and pods: requests that do not reach the agent, agents and pods that do not start."""

from isvclog.rules.deployment.batcher_drops_responses import batcher_drops_responses
from isvclog.rules.deployment.bypassed_port import bypassed_port
from isvclog.rules.deployment.disabled_update import disabled_update
from isvclog.rules.deployment.misdirected_agent import misdirected_agent
from isvclog.rules.deployment.misnamed_container import misnamed_container
from isvclog.rules.deployment.modelmesh_logger import modelmesh_logger
from isvclog.rules.deployment.overlong_host_name import overlong_host_name
from isvclog.rules.deployment.overwritten_logger import overwritten_logger
from isvclog.rules.deployment.pod_resources import pod_resources
from isvclog.rules.deployment.rejected_field import rejected_field
from isvclog.rules.deployment.reserved_container_name import reserved_container_name
from isvclog.rules.deployment.reserved_port import reserved_port
from isvclog.rules.deployment.stopped_service import stopped_service
from isvclog.rules.deployment.uncreated_pod import uncreated_pod
from isvclog.rules.deployment.unknown_deployment_mode import unknown_deployment_mode
from isvclog.rules.deployment.unlogged_canary import unlogged_canary
from isvclog.rules.deployment.unprobed_agent import unprobed_agent
from isvclog.rules.deployment.unredirected_service import unredirected_service
from isvclog.rules.deployment.unsupported_model import unsupported_model
from isvclog.rules.deployment.unsupported_storage_uri import unsupported_storage_uri
from isvclog.rules.deployment.unwatched_namespace import unwatched_namespace

RULES = (
    unprobed_agent,
    reserved_container_name,
    reserved_port,
    misdirected_agent,
    bypassed_port,
    unredirected_service,
    unlogged_canary,
    modelmesh_logger,
    batcher_drops_responses,
    uncreated_pod,
    unwatched_namespace,
    disabled_update,
    overwritten_logger,
    unsupported_model,
    unknown_deployment_mode,
    overlong_host_name,
    misnamed_container,
    unsupported_storage_uri,
    rejected_field,
    stopped_service,
    pod_resources,
)
