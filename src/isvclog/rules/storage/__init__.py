"""Rules about records in object storage, and batches of them."""

from isvclog.rules.storage.blob_url_without_storage import blob_url_without_storage
from isvclog.rules.storage.endless_batch import endless_batch
from isvclog.rules.storage.ignored_outside_predictor import ignored_outside_predictor
from isvclog.rules.storage.invalid_batch_interval import invalid_batch_interval
from isvclog.rules.storage.missing_bucket import missing_bucket
from isvclog.rules.storage.movable_record import movable_record
from isvclog.rules.storage.oversized_batch import oversized_batch
from isvclog.rules.storage.shadowed_cluster_storage import shadowed_cluster_storage
from isvclog.rules.storage.storage_without_blob_url import storage_without_blob_url
from isvclog.rules.storage.unknown_log_format import unknown_log_format
from isvclog.rules.storage.unreachable_marshaller import unreachable_marshaller
from isvclog.rules.storage.unsupported_blob_scheme import unsupported_blob_scheme
from isvclog.rules.storage.unused_batch import unused_batch
from isvclog.rules.storage.unused_batch_interval import unused_batch_interval
from isvclog.rules.storage.unused_storage_field import unused_storage_field

RULES = (
    unsupported_blob_scheme,
    missing_bucket,
    blob_url_without_storage,
    storage_without_blob_url,
    shadowed_cluster_storage,
    ignored_outside_predictor,
    unused_storage_field,
    unknown_log_format,
    unreachable_marshaller,
    invalid_batch_interval,
    endless_batch,
    oversized_batch,
    unused_batch_interval,
    unused_batch,
    movable_record,
)
