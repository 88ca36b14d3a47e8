import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { createAuthority } from '../../src/server/demo/certificates.ts';
import { loadConfig } from '../../src/server/config/load.ts';
import { at, entriesAt, listAt, yamlDocumentsOf } from './files.ts';

const documents = yamlDocumentsOf('docker/kubernetes.yaml');
const ofKind = (kind: string): unknown[] => documents.filter((document) => at(document, 'kind') === kind);
const deployment = ofKind('Deployment')[0];
const pod = at(deployment, 'spec', 'template', 'spec');
const containers = listAt(pod, 'containers');
const chaperone = containers.find((container) => at(container, 'name') === 'chaperone');

test('the file holds everything that a pod needs', () => {
  const kinds = documents.map((document) => String(at(document, 'kind')));
  expect(kinds.join(' ')).toBe('ConfigMap ConfigMap PersistentVolumeClaim Deployment Service NetworkPolicy');
  expect(new Set(documents.map((document) => at(document, 'metadata', 'namespace')))).toEqual(new Set(['voice']));
});

test('the pod is not root and gets no token of the cluster', () => {
  expect(at(pod, 'securityContext')).toMatchObject({
    runAsNonRoot: true,
    runAsUser: 1000,
    seccompProfile: { type: 'RuntimeDefault' },
  });
  expect(at(pod, 'automountServiceAccountToken')).toBe(false);
});

describe.each(containers.map((container) => [String(at(container, 'name')), container] as const))(
  'container %s',
  (_name, container) => {
    test('cannot write to its root, holds no capability, gains no privilege', () => {
      expect(at(container, 'securityContext')).toEqual({
        readOnlyRootFilesystem: true,
        allowPrivilegeEscalation: false,
        capabilities: { drop: ['ALL'] },
      });
    });

    test('has an image with a version and a bound on memory', () => {
      expect(at(container, 'image')).toMatch(/:\d+\.\d+\.\d+$/u);
      expect(at(container, 'resources', 'limits', 'memory')).toMatch(/^\d+Mi$/u);
    });

    test('mounts only volumes that are there', () => {
      const names = listAt(pod, 'volumes').map((volume) => at(volume, 'name'));
      for (const mount of listAt(container, 'volumeMounts')) expect(names).toContain(at(mount, 'name'));
    });
  },
);

test('secrets come from a Secret by reference, never as text', () => {
  for (const variable of listAt(chaperone, 'env')) {
    expect(at(variable, 'value')).toBeUndefined();
    expect(at(variable, 'valueFrom', 'secretKeyRef', 'name')).toBe('chaperone');
  }
});

test('one writer: one replica, the old pod gone before the new one starts', () => {
  expect(at(deployment, 'spec', 'replicas')).toBe(1);
  expect(at(deployment, 'spec', 'strategy', 'type')).toBe('Recreate');
});

test('probes ask the admin listener', () => {
  const ports = listAt(chaperone, 'ports').map((port) => at(port, 'name'));
  const paths = ['startupProbe', 'livenessProbe', 'readinessProbe'].map((probe) => at(chaperone, probe, 'httpGet'));
  expect(paths.map((probe) => at(probe, 'path'))).toEqual(['/healthz', '/healthz', '/readyz']);
  for (const probe of paths) expect(ports).toContain(at(probe, 'port'));
});

test('the service, the deployment and the network policy mean the same pods', () => {
  const labels = at(deployment, 'spec', 'template', 'metadata', 'labels');
  expect(at(deployment, 'spec', 'selector', 'matchLabels')).toEqual(labels);
  expect(at(ofKind('Service')[0], 'spec', 'selector')).toEqual(labels);
  expect(at(ofKind('NetworkPolicy')[0], 'spec', 'podSelector', 'matchLabels')).toEqual(labels);
});

test('the configuration is sound, its drain ends before the pod is killed', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'chaperone-kubernetes-'));
  try {
    const config = await loadFrom(folder);
    expect(config.routes.map((route) => route.name)).toEqual(['front-desk']);
    expect(Number(at(pod, 'terminationGracePeriodSeconds')) * 1000).toBeGreaterThan(config.limits.drainMs);
    const mounts = listAt(chaperone, 'volumeMounts').map((mount) => at(mount, 'mountPath'));
    expect(mounts).toContain(config.audit.directory);
  } finally {
    await rm(folder, { recursive: true });
  }
});

/** The mounts of the pod as one folder: agreements, TLS pair, configuration. */
async function loadFrom(folder: string) {
  const [settings, agreements] = ofKind('ConfigMap');
  for (const [name, text] of entriesAt(agreements, 'data')) await writeFile(join(folder, name), String(text));
  const { certificate, key } = createAuthority('test').issue(['calls.example.com']);
  await writeFile(join(folder, 'tls.crt'), certificate);
  await writeFile(join(folder, 'tls.key'), key);
  const text = String(at(settings, 'data', 'chaperone.yaml')).replaceAll(
    /\/etc\/chaperone-(?:tls|agreements)/gu,
    folder,
  );
  const file = join(folder, 'chaperone.yaml');
  await writeFile(file, text);
  const names = listAt(chaperone, 'env').map((variable) => String(at(variable, 'name')));
  const values: Record<string, string> = {
    TWILIO_ACCOUNT_SID: `AC${'0'.repeat(32)}`,
    TWILIO_AUTH_TOKEN: 'not-a-token',
    CHAPERONE_AUDIT_KEY: Buffer.alloc(32, 7).toString('base64'),
  };
  const loaded = await loadConfig(file, Object.fromEntries(names.map((name) => [name, values[name]])));
  if ('faults' in loaded) throw new Error(JSON.stringify(loaded.faults, null, 2));
  return loaded.config;
}
