from tests.plugins.written import write

__all__ = ["write"]
