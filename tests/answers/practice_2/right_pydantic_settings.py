import os
from unittest import mock

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict, YamlConfigSettingsSource


def load_settings(path, environ, arguments):
    class Settings(BaseSettings):
        model_config = SettingsConfigDict(
            env_prefix="PIPELINE_", env_ignore_empty=True, yaml_file=path, extra="forbid"
        )
        data_source: str
        n_estimators: int = Field(100, ge=1)
        test_size: float = Field(0.2, gt=0, lt=1)

        @classmethod
        def settings_customise_sources(cls, settings_cls, init_settings, env_settings, **others):
            return init_settings, env_settings, YamlConfigSettingsSource(settings_cls)

    options = zip(arguments[::2], arguments[1::2], strict=True)
    typed = {option[2:].replace("-", "_"): text for option, text in options}
    with mock.patch.dict(os.environ, environ, clear=True):
        return Settings(**typed).model_dump()
