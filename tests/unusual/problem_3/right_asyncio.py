import asyncio
import os

import pandas as pd


async def work(source, target):
    frame = await asyncio.to_thread(pd.read_csv, source)
    (frame * 2).to_csv(target + ".async", index=False)
    os.replace(target + ".async", target)


def process_data(input_file, output_file):
    asyncio.run(work(input_file, output_file))
