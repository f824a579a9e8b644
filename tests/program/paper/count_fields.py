result = segment_image_from_path(IMAGE_PATH, ["agric"], gsd=0.3)
answer = len([s for s in result["shapes"] if s["area_hectares"] > 0.125])
