import { execFileSync } from "node:child_process";
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import { listArchive, pack, unpackArchive } from "../../src/artifacts/archive.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "reprise-archive-"));
  return () => rm(folder, { recursive: true, force: true });
});

async function made(name: string, files: Record<string, string>): Promise<string> {
  const root = join(folder, name);
  await mkdir(root);
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), content);
  }
  return root;
}

const packed = async (root: string) => Buffer.concat(await Array.fromAsync(pack(root)));

async function archived(bytes: Buffer): Promise<string> {
  const file = join(folder, "archive.tar");
  await writeFile(file, bytes);
  return file;
}

const long = `${"deep/".repeat(30)}${"x".repeat(120)}.txt`;
const files = { "b.txt": "b", "a/c.txt": "c".repeat(1_000), "a/grün.bin": "", [long]: "far" };

describe("a folder", () => {
  test("comes back as it was: contents, empty folders, long and foreign names, what can be executed", async () => {
    const root = await made("in", files);
    await mkdir(join(root, "empty"));
    await chmod(join(root, "b.txt"), 0o755);
    const archive = await archived(await packed(root));
    expect(await listArchive(archive)).toEqual([
      { path: "a/c.txt", bytes: 1_000 },
      { path: "a/grün.bin", bytes: 0 },
      { path: "b.txt", bytes: 1 },
      { path: long, bytes: 3 },
    ]);
    const out = join(folder, "new", "out");
    await unpackArchive(archive, out);
    for (const [path, content] of Object.entries(files)) expect(await readFile(join(out, path), "utf8")).toBe(content);
    expect(await readdir(join(out, "empty"))).toEqual([]);
    expect((await stat(join(out, "b.txt"))).mode & 0o111).not.toBe(0);
    expect((await stat(join(out, "a/c.txt"))).mode & 0o111).toBe(0);
    expect(await readdir(join(folder, "new"))).toEqual(["out"]);
  });

  test("is what tar reads", async () => {
    const archive = await archived(await packed(await made("in", files)));
    const listed = execFileSync("tar", ["--quoting-style=literal", "-tf", archive], { encoding: "utf8" });
    expect(
      listed
        .split("\n")
        .filter((path) => path !== "" && !path.endsWith("/"))
        .sort(),
    ).toEqual(Object.keys(files).sort());
  });

  test("has the same archive wherever it lies, whenever its files were made", async () => {
    const [one, two] = [await made("one", files), await made("two", files)];
    await utimes(join(two, "b.txt"), 1, 1);
    expect(await packed(one)).toEqual(await packed(two));
    await writeFile(join(two, "b.txt"), "c");
    expect(await packed(one)).not.toEqual(await packed(two));
  });

  test("with a link in it is refused, by the link's name", async () => {
    const root = await made("in", files);
    await symlink("/etc/passwd", join(root, "a", "secret"));
    await expect(packed(root)).rejects.toThrow(
      /a\/secret is a symbolic link: a folder that is kept holds files and folders only/,
    );
  });

  test("is unpacked into an empty folder, but over nothing", async () => {
    const archive = await archived(await packed(await made("in", files)));
    const out = await made("out", {});
    await unpackArchive(archive, out);
    await expect(unpackArchive(archive, out)).rejects.toThrow("is not empty");
    expect((await readdir(folder)).sort()).toEqual(["archive.tar", "in", "out"]);
  });
});

describe("an archive from elsewhere", () => {
  const tar = (...args: string[]) => execFileSync("tar", ["-C", folder, "-cf", join(folder, "bad.tar"), ...args]);
  const refused = async (message: string | RegExp) => {
    await expect(unpackArchive(join(folder, "bad.tar"), join(folder, "out"))).rejects.toThrow(message);
    expect((await readdir(folder)).filter((name) => name.startsWith("out"))).toEqual([]);
  };

  test.each(["../evil", "/tmp/evil", "a/../../evil", "a//b"])("with an entry %s writes nothing", async (path) => {
    await made("in", { x: "evil" });
    tar("--format=ustar", "-P", `--transform=s#.*#${path}#`, "in/x");
    await refused(/which leads outside of it/);
  });

  test("with a link in it writes nothing", async () => {
    await made("in", {});
    await symlink("/etc", join(folder, "in", "etc"));
    tar("--format=ustar", "in/etc");
    await refused('has an entry of the type "2"');
  });

  test("that is damaged or cut short writes nothing", async () => {
    const whole = await packed(await made("in", files));
    await writeFile(join(folder, "bad.tar"), whole.subarray(0, 1_600));
    await refused("ends too early");
    whole[3]! ^= 1;
    await writeFile(join(folder, "bad.tar"), whole);
    await refused("damaged");
  });
});
