import { copyFile, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { spawn } from 'node:child_process';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { CHART_VERSIONS } from '../charts.mjs';
import { TestbedError } from '../errors.mjs';
import { imageOfLayer } from '../images.mjs';
import { pushImage } from '../registry.mjs';

const PAUSE = 'node/pause';
const HELM = 'tools/helm';
const ISTIOCTL = 'tools/istioctl';
const PILOT = 'istio/pilot';
const TAG = 'testbed';

/** Names of the images that the real node pulls; that of istioctl lacks its tag, which is any of the charts' versions. */
export function imageNames(registry) {
  return {
    pause: `${registry}/${PAUSE}:${TAG}`,
    helm: `${registry}/${HELM}:${TAG}`,
    istioctl: `${registry}/${ISTIOCTL}`,
  };
}

/** Packs static programs into images and pushes them; the empty images of istiod are replaced. */
export async function pushNodeImages(registry, programs) {
  const { helm, istioctl, 'pilot-discovery': pilot } = programs;
  const images = [
    {
      name: PAUSE,
      tags: [TAG],
      files: { '/bin/busybox': '/usr/bin/busybox' },
      config: { Entrypoint: ['/bin/busybox', 'sleep', '2147483647'] },
    },
    {
      name: HELM,
      tags: [TAG],
      files: { '/usr/local/bin/helm': helm },
      config: { Entrypoint: ['helm'], Env: [PATH] },
    },
    {
      name: ISTIOCTL,
      tags: CHART_VERSIONS,
      files: { '/usr/local/bin/istioctl': istioctl },
      config: { Entrypoint: ['istioctl'], Env: [PATH] },
    },
    {
      name: PILOT,
      tags: CHART_VERSIONS,
      files: { '/usr/local/bin/pilot-discovery': pilot },
      config: { Entrypoint: ['pilot-discovery'], Env: [PATH], User: '1337' },
    },
  ];
  for (const { name, tags, files, config } of images) {
    const image = imageOfLayer({ layer: await archive(files), config });
    for (const tag of tags)
      await pushImage({ address: registry, name, tag, image });
  }
}

const PATH = 'PATH=/usr/local/bin:/bin';

/** A tar archive of copies of `files` (by their path in the image), owned by root. */
async function archive(files) {
  const work = await mkdtemp(join(tmpdir(), 'testbed-image-'));
  try {
    for (const [path, source] of Object.entries(files)) {
      await mkdir(dirname(join(work, path)), { recursive: true });
      await copyFile(source, join(work, path));
    }
    return await tar(work);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

function tar(directory) {
  return new Promise((resolve, reject) => {
    const child = spawn(
      'tar',
      [
        ...['--create', '--directory', directory, '--owner=0', '--group=0'],
        ...['--mode=a+rX,u+w', '--mtime=@0', '--sort=name', '.'],
      ],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    const chunks = [];
    child.stdout.on('data', chunk => chunks.push(chunk));
    child.on('error', reject);
    child.on('close', code =>
      code === 0
        ? resolve(Buffer.concat(chunks))
        : reject(new TestbedError(`tar of ${directory} ended with ${code}`)),
    );
  });
}
