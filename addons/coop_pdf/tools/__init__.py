from . import engine
from . import fetcher
