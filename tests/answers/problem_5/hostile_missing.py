def retry(function):
    return function
