"""How the heavy libraries under the assistant behave in this program."""

QUIET = {
    "TF_CPP_MIN_LOG_LEVEL": "3",
    # One thread each: a brain is one of several, and small matrices only lose time to more.
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "TF_NUM_INTRAOP_THREADS": "1",
    "TF_NUM_INTEROP_THREADS": "1",
    "CUDA_VISIBLE_DEVICES": "",
    "RASA_TELEMETRY_ENABLED": "false",
    "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
}
"""Environment for every process that imports Rasa; it must be set before the import."""
