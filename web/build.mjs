// Bundles the page into the Python package: node build.mjs
import { build } from "esbuild";
import { copyFile, readFile } from "node:fs/promises";

const target = "../src/planimeter/serve/web";

// Packages whose code ends up in the bundle; their licences travel with it.
const packages = new Set();
const collect = {
  name: "collect-packages",
  setup(bundler) {
    bundler.onLoad({ filter: /node_modules/ }, ({ path }) => {
      packages.add(path.match(/.*node_modules\/((?:@[^/]+\/)?[^/]+)/)[1]);
      return undefined;
    });
  },
};
const options = {
  entryPoints: { app: "src/main.ts" },
  bundle: true,
  minify: true,
  format: "esm",
  target: "es2022",
  outdir: target,
  legalComments: "none",
  plugins: [collect],
};

const first = await build({ ...options, write: false, metafile: true });
const shipped = new Set(
  Object.entries(Object.values(first.metafile.outputs).find((output) => output.entryPoint).inputs)
    .filter(([, { bytesInOutput }]) => bytesInOutput > 0)
    .map(([path]) => path.match(/node_modules\/((?:@[^/]+\/)?[^/]+)/)?.[1])
    .filter(Boolean),
);
shipped.add("ol"); // its style sheet too
const notices = [];
for (const name of [...shipped].sort()) {
  const text = await licence(name);
  notices.push(`${name}\n\n${text.trim()}`);
}
const banner = `/*! Contains these packages:\n\n${notices.join("\n\n----\n\n").replaceAll("*/", "* /")}\n*/`;
await build({ ...options, banner: { js: banner } });
for (const name of ["index.html", "icon.svg"]) await copyFile(`src/${name}`, `${target}/${name}`);

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
