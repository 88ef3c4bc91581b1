// The API server of Kubernetes that can report another version than its own: kube-apiserver itself refuses to start when
// it was linked with a version below the oldest one it can emulate. Only /version differs; behaviour stays the same.
package main

import (
	"os"
	_ "time/tzdata"

	apimachineryversion "k8s.io/apimachinery/pkg/version"

	"k8s.io/apimachinery/pkg/util/version"
	utilfeature "k8s.io/apiserver/pkg/util/feature"

	"k8s.io/apiserver/pkg/util/compatibility"
	"k8s.io/component-base/cli"
	basecompatibility "k8s.io/component-base/compatibility"
	_ "k8s.io/component-base/logs/json/register"
	_ "k8s.io/component-base/metrics/prometheus/clientgo"
	_ "k8s.io/component-base/metrics/prometheus/version"
	"k8s.io/kubernetes/cmd/kube-apiserver/app"
)

const reportedVersion = "TESTBED_REPORTED_VERSION"

type reporting struct {
	basecompatibility.MutableEffectiveVersion
	version *version.Version
}

func (r reporting) Info() *apimachineryversion.Info {
	info := r.MutableEffectiveVersion.Info()
	info.GitVersion = "v" + r.version.String()
	info.Major, info.Minor = version.Itoa(r.version.Major()), version.Itoa(r.version.Minor())
	info.EmulationMajor, info.EmulationMinor = "", ""
	info.MinCompatibilityMajor, info.MinCompatibilityMinor = "", ""
	return info
}

func main() {
	if text, found := os.LookupEnv(reportedVersion); found {
		registry := compatibility.DefaultComponentGlobalsRegistry
		registry.Reset()
		effective := reporting{compatibility.DefaultBuildEffectiveVersion(), version.MustParseSemantic(text)}
		if err := registry.Register(basecompatibility.DefaultKubeComponent, effective, utilfeature.DefaultMutableFeatureGate); err != nil {
			panic(err)
		}
	}
	os.Exit(cli.Run(app.NewAPIServerCommand()))
}
