"""Files to documents: readers, articles, chrome, dates, attributions, sentences.

Light: the readers' libraries are imported when a file of their format is read.
"""

from rag.documents.fold import fold
from rag.documents.reading import read, structure

__all__ = ["fold", "read", "structure"]
