"""The same flow over scenes larger than memory and over collections of scenes, on Dask."""
