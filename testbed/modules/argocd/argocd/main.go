// Argo CD's repository server, and its application controller with metrics on the loopback interface: the command of Argo
// CD serves the controller's metrics on every interface and has no setting for it. Everything else is as Argo CD sets it.
package main

import (
	"context"
	"flag"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/redis/go-redis/v9"
	log "github.com/sirupsen/logrus"
	"k8s.io/apimachinery/pkg/util/wait"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/tools/clientcmd"

	reposerver "github.com/argoproj/argo-cd/v2/cmd/argocd-repo-server/commands"
	commitclient "github.com/argoproj/argo-cd/v2/commitserver/apiclient"
	"github.com/argoproj/argo-cd/v2/common"
	"github.com/argoproj/argo-cd/v2/controller"
	"github.com/argoproj/argo-cd/v2/controller/sharding"
	"github.com/argoproj/argo-cd/v2/pkg/apis/application/v1alpha1"
	appclientset "github.com/argoproj/argo-cd/v2/pkg/client/clientset/versioned"
	"github.com/argoproj/argo-cd/v2/reposerver/apiclient"
	"github.com/argoproj/argo-cd/v2/util/argo"
	"github.com/argoproj/argo-cd/v2/util/argo/normalizers"
	cacheutil "github.com/argoproj/argo-cd/v2/util/cache"
	"github.com/argoproj/argo-cd/v2/util/cache/appstate"
	"github.com/argoproj/argo-cd/v2/util/errors"
	kubeutil "github.com/argoproj/argo-cd/v2/util/kube"
	"github.com/argoproj/argo-cd/v2/util/settings"
)

func main() {
	if len(os.Args) < 2 {
		log.Fatal("argocd application-controller|repo-server FLAGS")
	}
	command := os.Args[1]
	os.Args = append(os.Args[:1], os.Args[2:]...)
	switch command {
	case "application-controller":
		runController()
	case "repo-server":
		errors.CheckError(reposerver.NewCommand().Execute())
	default:
		log.Fatalf("there is no command %q", command)
	}
}

// The cluster is that of KUBECONFIG, and Argo CD's objects are in the namespace of its context.
func runController() {
	redisAddress := flag.String("redis", "", "host:port of Redis")
	repoServer := flag.String("repo-server", "", "host:port of the repository server")
	metricsAddress := flag.String("metrics-address", "", "host:port of the metrics")
	resync := flag.Duration("app-resync", 3*time.Minute, "time between comparisons with Git")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()

	clientConfig := clientcmd.NewNonInteractiveDeferredLoadingClientConfig(
		clientcmd.NewDefaultClientConfigLoadingRules(), &clientcmd.ConfigOverrides{})
	namespace, _, err := clientConfig.Namespace()
	errors.CheckError(err)
	config, err := clientConfig.ClientConfig()
	errors.CheckError(err)
	errors.CheckError(v1alpha1.SetK8SConfigDefaults(config))
	config.UserAgent = common.DefaultApplicationControllerName
	kubeClient := kubernetes.NewForConfigOrDie(config)

	var appController *controller.ApplicationController
	settingsManager := settings.NewSettingsManager(ctx, kubeClient, namespace,
		settings.WithRepoOrClusterChangedHandler(func() { appController.InvalidateProjectsCache() }))
	clusterSharding, err := sharding.GetClusterSharding(kubeClient, settingsManager, common.DefaultShardingAlgorithm, false)
	errors.CheckError(err)
	appController, err = controller.NewApplicationController(
		namespace,
		settingsManager,
		kubeClient,
		appclientset.NewForConfigOrDie(config),
		apiclient.NewRepoServerClientset(*repoServer, 60, apiclient.TLSConfiguration{DisableTLS: true}),
		commitclient.NewCommitServerClientset(common.DefaultCommitServerAddr),
		stateCache(*redisAddress),
		kubeutil.NewKubectl(),
		*resync,
		0, // no comparison past the caches
		0, // no jitter
		0, // self-heal at once, with the backoff below
		&wait.Backoff{Duration: 2 * time.Second, Factor: 3, Cap: 300 * time.Second},
		330*time.Second,
		0, // a sync may take as long as it takes
		*resync,
		0, // the metrics get their address below
		0,
		[]string{},
		[]string{},
		20,
		true,
		clusterSharding,
		[]string{},
		nil,
		false,
		false,
		normalizers.IgnoreNormalizerOpts{},
		argo.DefaultEnableEventList(),
		false,
	)
	errors.CheckError(err)
	appController.GetMetricsServer().Addr = *metricsAddress
	go appController.Run(ctx, 20, 10)
	<-ctx.Done()
}

func stateCache(redisAddress string) *appstate.Cache {
	client := redis.NewClient(&redis.Options{Addr: redisAddress, MaxRetries: 3})
	return appstate.NewCache(
		cacheutil.NewCache(cacheutil.NewTwoLevelClient(
			cacheutil.NewRedisCache(client, 24*time.Hour, cacheutil.RedisCompressionGZip), 10*time.Minute)),
		time.Hour,
	)
}
