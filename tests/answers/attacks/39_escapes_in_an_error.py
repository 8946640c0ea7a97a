def process_data(i, o):
    raise ValueError("\x1b]0;owned\x07\x1b[31m<script>alert(1)</script>")
