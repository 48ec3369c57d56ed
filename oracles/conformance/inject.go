//go:build ignore

// Runs the measured cases of the webhook for pods against a checkout of KServe, and prints what it does otherwise.
//
//	cd CHECKOUT && go run ISVCLOG/oracles/conformance/inject.go ISVCLOG/tests/conformance/inject.json
//
// The pods of the cases go through the whole webhook of the checkout, Mutator.Handle, with clients that know the
// ConfigMap and the InferenceService of the case and nothing else.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"reflect"
	"strings"

	"github.com/kserve/kserve/pkg/apis/serving/v1beta1"
	"github.com/kserve/kserve/pkg/constants"
	"github.com/kserve/kserve/pkg/webhook/admission/pod"
	admissionv1 "k8s.io/api/admission/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	clientgo "k8s.io/client-go/kubernetes/fake"
	"k8s.io/client-go/kubernetes/scheme"
	"k8s.io/klog/v2"
	"sigs.k8s.io/controller-runtime/pkg/client/fake"
	"sigs.k8s.io/controller-runtime/pkg/webhook/admission"
)

type container struct {
	Name  string  `json:"name"`
	Ports []int32 `json:"ports"`
}

type testCase struct {
	Name            string              `json:"name"`
	PodAnnotations  map[string]string   `json:"pod_annotations"`
	PodLabels       map[string]string   `json:"pod_labels"`
	PodName         string              `json:"pod_name"`
	Namespace       string              `json:"namespace"`
	Logger          *string             `json:"configmap_logger"`
	Agent           *string             `json:"configmap_agent"`
	Batcher         *string             `json:"configmap_batcher"`
	PredictorLogger *v1beta1.LoggerSpec `json:"predictor_logger"`
	Containers      []container         `json:"containers"`
	Args            []string            `json:"args"`
	Error           *string             `json:"error"`
}

// Quantities that the webhook asks for, and that decide nothing here.
const storageInitializer = `{"memoryRequest":"1","memoryLimit":"1","cpuRequest":"1","cpuLimit":"1","cpuModelcar":"1","memoryModelcar":"1"}`

func main() {
	klog.LogToStderr(false)
	klog.SetOutput(io.Discard)
	must(v1beta1.AddToScheme(scheme.Scheme))
	data, err := os.ReadFile(os.Args[1])
	must(err)
	var cases []testCase
	must(json.Unmarshal(data, &cases))
	differing := 0
	for _, each := range cases {
		args, failure := run(each)
		expected := ""
		if each.Error != nil {
			expected = *each.Error
		}
		if !reflect.DeepEqual(args, each.Args) || failure != expected {
			differing++
			fmt.Printf("%s\n  recorded %q %q\n  measured %q %q\n", each.Name, each.Args, expected, args, failure)
		}
	}
	fmt.Printf("Ran %d cases, %d of which differ.\n", len(cases), differing)
	if differing > 0 {
		os.Exit(1)
	}
}

// run sends the pod of a case through the webhook, and returns the arguments of its agent, and the error.
func run(each testCase) (args []string, failure string) {
	defer func() {
		if reason := recover(); reason != nil {
			args, failure = nil, fmt.Sprintf("panic: %v", reason)
		}
	}()
	config := &corev1.ConfigMap{
		ObjectMeta: metav1.ObjectMeta{Name: constants.InferenceServiceConfigMapName, Namespace: constants.KServeNamespace},
		Data:       map[string]string{"storageInitializer": storageInitializer},
	}
	for key, value := range map[string]*string{"logger": each.Logger, "agent": each.Agent, "batcher": each.Batcher} {
		if value != nil {
			config.Data[key] = *value
		}
	}
	service := &v1beta1.InferenceService{
		ObjectMeta: metav1.ObjectMeta{Name: each.PodLabels[constants.InferenceServicePodLabelKey], Namespace: each.Namespace},
	}
	service.Spec.Predictor.Logger = each.PredictorLogger
	webhook := pod.Mutator{
		Client:    fake.NewClientBuilder().WithScheme(scheme.Scheme).WithObjects(service).Build(),
		Clientset: clientgo.NewClientset(config),
		Decoder:   admission.NewDecoder(scheme.Scheme),
	}
	raw, err := json.Marshal(podOf(each))
	must(err)
	request := admission.Request{AdmissionRequest: admissionv1.AdmissionRequest{
		Namespace: each.Namespace,
		Object:    runtime.RawExtension{Raw: raw},
	}}
	response := webhook.Handle(context.Background(), request)
	if !response.Allowed {
		return nil, response.Result.Message
	}
	for _, patch := range response.Patches {
		added, err := json.Marshal(patch.Value)
		must(err)
		var agent corev1.Container
		if strings.HasPrefix(patch.Path, "/spec/containers/") && json.Unmarshal(added, &agent) == nil && agent.Name == "agent" {
			return agent.Args, ""
		}
	}
	return nil, ""
}

func podOf(each testCase) *corev1.Pod {
	result := &corev1.Pod{
		TypeMeta:   metav1.TypeMeta{APIVersion: "v1", Kind: "Pod"},
		ObjectMeta: metav1.ObjectMeta{Name: each.PodName, Annotations: each.PodAnnotations, Labels: each.PodLabels},
	}
	for _, each := range each.Containers {
		added := corev1.Container{Name: each.Name}
		for _, port := range each.Ports {
			added.Ports = append(added.Ports, corev1.ContainerPort{ContainerPort: port})
		}
		result.Spec.Containers = append(result.Spec.Containers, added)
	}
	return result
}

func must(err error) {
	if err != nil {
		panic(err)
	}
}
