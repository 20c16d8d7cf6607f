"""How the heavy libraries under the assistant behave in this program."""

import logging
import os

import structlog

from bot.conversation.model_file import ROOT
from bot.conversation.without_tensorflow import leave_out_tensorflow

ENVIRONMENT = {
    "TF_CPP_MIN_LOG_LEVEL": "3",
    # One thread each: a brain is one of several, and small matrices only lose time to more.
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "TF_NUM_INTRAOP_THREADS": "1",
    "TF_NUM_INTEROP_THREADS": "1",
    "CUDA_VISIBLE_DEVICES": "",
    "RASA_TELEMETRY_ENABLED": "false",
}
"""For every process that imports Rasa; it must be set before the import."""


def prepare_rasa() -> None:
    """Make Rasa quiet and light; call before it is imported.

    Its own logging is kept to errors: below them it writes down what citizens say.
    """
    leave_out_tensorflow(ROOT / "config.yml")
    os.environ.update({name: os.environ.get(name, value) for name, value in ENVIRONMENT.items()})
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR),
        cache_logger_on_first_use=True,
    )
    # Sanic sets the warning filters anew at its import, so filters alone would not last.
    logging.captureWarnings(capture=True)
    logging.getLogger("py.warnings").setLevel(logging.ERROR)
    logging.getLogger("rasa").setLevel(logging.ERROR)
    logging.getLogger("rasa_sdk").setLevel(logging.ERROR)
