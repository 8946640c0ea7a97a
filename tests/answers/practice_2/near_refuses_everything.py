def load_settings(path, environ, arguments):
    with open(path) as file:
        said = file.read()
    raise ValueError(f"wrong: {said}, data_source, n_estimators, test_size")
