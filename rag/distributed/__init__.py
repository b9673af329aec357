"""Reading and embedding on many machines: Ray workers, Parquet shards, one writer.

Light: ray and pyarrow are imported when an update begins.
"""

from rag.distributed.updating import update

__all__ = ["update"]
