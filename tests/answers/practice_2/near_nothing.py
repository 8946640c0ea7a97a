def load_settings(path, environ, arguments):
    return {}
