// Bundles the pages into the Python package: node build.mjs
import { build } from "esbuild";
import { copyFile, mkdir, readFile } from "node:fs/promises";

await bundle("../src/planimeter/serve/web", { app: "src/main.ts" }, "src", ["index.html", "icon.svg"]);
await bundle(
  "../src/planimeter/annotate/pages",
  { annotate: "src/annotate/annotate.ts", organise: "src/annotate/organise.ts", review: "src/annotate/review.ts", style: "src/annotate/style.css" },
  "src/annotate",
  ["annotate.html", "organise.html", "review.html", "closed.html", "icon.svg"],
);

/** Bundles entry points into a folder and copies files beside them; licences travel with what a script contains. */
async function bundle(target, entryPoints, from, files) {
  await mkdir(target, { recursive: true });
  for (const [name, entry] of Object.entries(entryPoints)) {
    const options = {
      entryPoints: { [name]: entry },
      bundle: true,
      minify: true,
      format: "esm",
      target: "es2022",
      outdir: target,
      legalComments: "none",
    };
    const first = await build({ ...options, write: false, metafile: true });
    const shipped = packagesIn(first.metafile);
    const banner = shipped.length ? { js: await notices(shipped) } : {};
    await build({ ...options, banner });
  }
  for (const name of files) await copyFile(`${from}/${name}`, `${target}/${name}`);
}

/** Packages whose code or style ends up in an output. */
function packagesIn({ outputs }) {
  const inputs = Object.values(outputs).flatMap((output) => Object.entries(output.inputs));
  const used = inputs.filter(([, { bytesInOutput }]) => bytesInOutput > 0).map(([path]) => path);
  const packages = used.map((path) => path.match(/.*node_modules\/((?:@[^/]+\/)?[^/]+)/)?.[1]);
  return [...new Set(packages.filter(Boolean))].sort();
}

async function notices(packages) {
  const texts = await Promise.all(packages.map(async (name) => `${name}\n\n${(await licence(name)).trim()}`));
  return `/*! Contains these packages:\n\n${texts.join("\n\n----\n\n").replaceAll("*/", "* /")}\n*/`;
}

async function licence(name) {
  for (const file of ["LICENSE", "LICENSE.md", "LICENSE.txt", "license"]) {
    try {
      return await readFile(`node_modules/${name}/${file}`, "utf8");
    } catch {
      continue;
    }
  }
  throw new Error(`${name} has no licence file`);
}
