"""The evaluation runs without the libraries of the system it judges."""

import subprocess
import sys


def test_no_model_library_is_loaded():
    code = (
        "import sys, rag.evaluation.commands, rag.evaluation.printing, rag.evaluation.loaders;"
        "print(sorted({'torch', 'faiss', 'llama_cpp', 'gradio', 'sklearn', 'scipy'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
