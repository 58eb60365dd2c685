from .builder import build


def post_init_hook(env):
    build(env)
