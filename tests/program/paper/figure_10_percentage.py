result = segment_image_from_path(IMAGE_PATH, ["urban","forest","agric","grass",
"barren","water","solar","roof"], gsd=gsd)
shapes = result["shapes"]
total_pixels = result["total_pixels"]
topic_counts = {}
for shape in shapes:
    t = shape["class_type"]
    topic_counts[t] = topic_counts.get(t, 0) + 1
print("Initial shape counts per topic:", topic_counts)
agric_pixels = sum(s["area_pixels"] for s in shapes if s["class_type"] == "agric")
percentage = (agric_pixels / total_pixels) * 100
print("Agricultural pixels:", agric_pixels, "Total pixels:", total_pixels, "Percentage:", percentage)
answer = percentage
