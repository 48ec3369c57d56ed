from hypothesis import settings

# The first example imports ruamel.yaml, and a shared machine can be slow.
settings.register_profile("patient", deadline=None)
settings.load_profile("patient")
