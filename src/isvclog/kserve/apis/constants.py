"""Names that KServe, Knative and Kubernetes define. Source: pkg/constants/constants.go of KServe."""

API_VERSION = "serving.kserve.io/v1beta1"
# The second is KFServing's, from before 0.7.
API_GROUPS = ("serving.kserve.io", "serving.kubeflow.org")

PREDICTOR, TRANSFORMER, EXPLAINER = "predictor", "transformer", "explainer"
COMPONENTS = (PREDICTOR, TRANSFORMER, EXPLAINER)

LOG_MODES = ("all", "request", "response")

KNATIVE, STANDARD, MODELMESH = "Knative", "Standard", "ModelMesh"
DEPLOYMENT_MODES = (KNATIVE, STANDARD, MODELMESH)
# Before 0.16 the first two were spelled like this; both spellings are read ever since.
LEGACY_MODES = {"Serverless": KNATIVE, "RawDeployment": STANDARD}

DEPLOYMENT_MODE_ANNOTATION = "serving.kserve.io/deploymentMode"
STOP_ANNOTATION = "serving.kserve.io/stop"
AUTOSCALER_CLASS_ANNOTATION = "serving.kserve.io/autoscalerClass"
DISABLE_UPDATE_ANNOTATION = "serving.kserve.io/disable-auto-update"
SERVICE_LABEL = "serving.kserve.io/inferenceservice"
COMPONENT_LABEL = "component"
ENDPOINT_LABEL = "endpoint"

MODEL_FORMAT_ANNOTATION = "modelFormat"
# Where `kubectl apply` keeps the whole manifest.
LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration"

# The defaultUrl of KServe's ConfigMap: until 2020 Knative Eventing gave every namespace this host.
FORMER_BROKER = "http://default-broker"
BROKER_INGRESSES = ("broker-ingress", "kafka-broker-ingress")
"""The Services through which Knative Eventing receives the events for brokers."""
LOGGER_ACCOUNT = "logger-sa"
"""The service account with the credentials of a logger's storage that names none (agent_injector.go)."""
STORAGE_SECRET_ANNOTATION = "serving.kserve.io/storageSecretName"
"""The pod annotation that names a secret with the credentials, in place of those of each service account.

KServe's ConfigMap sets this name as `storageSecretNameAnnotation` of the key `credentials`, and may set another one:
see `storage_secret_annotation`. Source: CreateSecretVolumeAndEnvFromServiceAccount of
pkg/credentials/service_account_credentials.go, in 0.16.0 and 0.20.0.
"""

INTERNAL = "internal.serving.kserve.io/"
LOGGER = INTERNAL + "logger"
SINK_URL = INTERNAL + "logger-sink-url"
MODE = INTERNAL + "logger-mode"
METADATA_HEADERS = INTERNAL + "logger-metadata-headers"
METADATA_ANNOTATIONS = INTERNAL + "logger-metadata-annotations"
BATCHER = INTERNAL + "batcher"
BATCHER_MAX_BATCH_SIZE = INTERNAL + "batcher-max-batchsize"
BATCHER_MAX_LATENCY = INTERNAL + "batcher-max-latency"
PULLER = INTERNAL + "agent"
PULLER_CONFIG_VOLUME = INTERNAL + "configVolumeName"
PULLER_CONFIG_DIR = INTERNAL + "configMountPath"
PULLER_MODEL_DIR = INTERNAL + "modelDir"
CONFIDENTIAL_ENABLED = INTERNAL + "confidential-enabled"
CONFIDENTIAL_RESOURCE = INTERNAL + "confidential-resource-id"
STORAGE_URI = INTERNAL + "storage-initializer-sourceuri"
STORAGE_SPEC = INTERNAL + "storage-spec"
STORAGE_SPEC_PARAM = INTERNAL + "storage-spec-param"
STORAGE_SPEC_KEY = INTERNAL + "storage-spec-key"

MODEL_CONTAINER = "kserve-container"
WORKER_CONTAINER = "worker-container"
TRANSFORMER_CONTAINER = "transformer-container"
AGENT_CONTAINER = "agent"
QUEUE_CONTAINER = "queue-proxy"
CA_BUNDLE_VOLUME = "agent-ca-bundle"
"""The volume of the agent with the ConfigMap of `caBundle`."""
DEFAULT_HTTP_PORT = 8080
AGENT_PORT = 9081
# In blob mode the agent turns records into objects behind this port, on all addresses (cmd/agent/main.go).
MARSHALLER_PORT = 9083

# config/manager/manager.yaml labels the namespace that KServe installs itself into with `control-plane`, and
# config/webhook/manifests.yaml keeps the pod webhook away from namespaces with that label.
OWN_NAMESPACE = "kserve"
EXCLUDING_LABEL = "control-plane"

CONFIGMAP = "inferenceservice-config"
CONTROLLER = "kserve-controller-manager"
STORAGE_URI_VARIABLE = "STORAGE_URI"
MULTI_MODEL_VARIABLE = "MULTI_MODEL_SERVER"
PROBE_VARIABLE = "SERVING_READINESS_PROBE"
