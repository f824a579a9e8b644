result = segment_image_from_path(IMAGE_PATH, ["water","agric"], gsd=0.3)
water = [s for s in result["shapes"] if s["class_type"] == "water"]
agric = [s for s in result["shapes"] if s["class_type"] == "agric"]
large_water = [s for s in water if s["area_hectares"] > 1.0]
within = find_shapes_within_distance(large_water, agric, 200.0, 0.3)
answer = sum(s["area_hectares"] for s in within)
