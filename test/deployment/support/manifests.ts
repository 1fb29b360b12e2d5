import { parseAllDocuments } from 'yaml';
import type { Known } from '../../docs/deployment-files.ts';

export function objectsIn(text: string): Known[] {
  return parseAllDocuments(text).map((document) => document.toJS());
}

/** The pod of a Deployment, StatefulSet or Job; null of anything else. */
export function podOf(object: Known): Known {
  return object.spec?.template?.spec ?? null;
}

/** What is against objects that are to run together, a sentence each. */
export function mistakesIn(objects: readonly Known[]): string[] {
  const labels = objects.flatMap(({ spec }) => spec?.template?.metadata?.labels ?? []);
  const ports = objects.flatMap((object) => podOf(object)?.containers ?? []).flatMap(portNames);
  return objects.flatMap((object) => {
    const { kind, spec } = object;
    return [
      ...(podOf(object) === null ? [] : podMistakes(podOf(object))),
      ...selectorsOf(spec).flatMap((selector) =>
        labels.some((has) => Object.entries(selector).every(([key, value]) => has[key] === value))
          ? []
          : [`${kind} is for ${JSON.stringify(selector)}, which no pod is`],
      ),
      ...(spec?.ingress ?? [])
        .flatMap((rule: Known) => rule.ports ?? [])
        .flatMap(({ port }: Known) => (ports.includes(port) ? [] : [`no container has the port ${port}`])),
    ];
  });
}

function selectorsOf(spec: Known): Known[] {
  return [labelsOf(spec?.selector), labelsOf(spec?.podSelector)].filter(Boolean);
}

/** A Service has the labels themselves as its selector. */
function labelsOf(selector: Known): Known {
  return selector?.matchLabels ?? selector;
}

function portNames({ ports = [] }: Known): string[] {
  return ports.map(({ name }: Known) => name);
}

function podMistakes({ securityContext = {}, containers, volumes = [], ...pod }: Known): string[] {
  const { runAsNonRoot, runAsUser, seccompProfile } = securityContext;
  return [
    ...(runAsNonRoot === true && runAsUser > 0 ? [] : ['the pod may run as root']),
    ...(seccompProfile?.type === 'RuntimeDefault' ? [] : ['the pod may make any system call']),
    ...(pod.terminationGracePeriodSeconds >= 30 ? [] : ['the pod has no time to end']),
    ...(pod.hostNetwork || pod.hostPID ? ['the pod has to do with its node'] : []),
    ...containers.flatMap((container: Known) => containerMistakes(container, volumes)),
  ];
}

function containerMistakes(container: Known, volumes: readonly Known[]): string[] {
  const { name, image, securityContext = {}, resources = {}, volumeMounts = [] } = container;
  const { allowPrivilegeEscalation, readOnlyRootFilesystem, capabilities } = securityContext;
  const probes = ['startupProbe', 'livenessProbe', 'readinessProbe'];
  const asked = probes.flatMap((probe) => container[probe]?.httpGet?.port ?? []);
  return [
    ...(/:\d+\.\d+\.\d+$/.test(image) ? [] : [`${image} is not pinned`]),
    ...(allowPrivilegeEscalation === false && capabilities?.drop?.includes('ALL')
      ? []
      : [`${name} keeps rights that it does not need`]),
    ...(readOnlyRootFilesystem === true ? [] : [`${name} may write to its root`]),
    ...(resources.requests?.cpu && resources.requests.memory && resources.limits?.memory
      ? []
      : [`${name} says not what it needs`]),
    ...asked.flatMap((port) => (portNames(container).includes(port) ? [] : [`${name} has no port ${port}`])),
    ...volumeMounts.flatMap((mount: Known) =>
      volumes.some((volume) => volume.name === mount.name) ? [] : [`there is no volume ${mount.name}`],
    ),
  ];
}
