import type { ContainerPlan } from "./container-plan.ts";

/** What an engine would tell of a container that is exactly what was planned. */
export function asInspected({ image, body }: ContainerPlan): object {
  const { HostConfig, Image: _image, ...config } = body;
  const [Path, ...Args] = [...body.Entrypoint, ...body.Cmd];
  const apparmor = HostConfig.SecurityOpt.find((option) => option.startsWith("apparmor="));
  return {
    Image: image.id,
    Path,
    Args,
    AppArmorProfile: apparmor?.slice("apparmor=".length),
    Config: config,
    HostConfig,
    Mounts: HostConfig.Mounts.map(({ Type, Source, Target, ReadOnly, BindOptions }) => ({
      Type,
      Source,
      Destination: Target,
      RW: !ReadOnly,
      Propagation: BindOptions.Propagation,
    })),
    NetworkSettings: { Networks: { [HostConfig.NetworkMode]: {} } },
  };
}
