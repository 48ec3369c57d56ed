# The formula of Homebrew for a tap; scripts/fill_packages.py fills it for a release.
class Isvclog < Formula
  include Language::Python::Virtualenv

  desc "Checks and previews KServe's inference logger"
  homepage "@HOMEPAGE@"
  url "@SDIST@"
  sha256 "@SHA256@"
  license "Apache-2.0"

  depends_on "certifi" => :no_linkage
  depends_on "libyaml"
  depends_on "python@3.14"
  depends_on "rpds-py" => :no_linkage

@RESOURCES@

  def install
    virtualenv_install_with_resources
  end

  test do
    assert_match version.to_s, shell_output("#{bin}/isvclog --version")
    (testpath/"isvc.yaml").write <<~YAML
      apiVersion: serving.kserve.io/v1beta1
      kind: InferenceService
      metadata: {name: iris}
      spec:
        predictor:
          logger: {mode: all, url: http://sink.example.com}
          model: {modelFormat: {name: sklearn}, storageUri: gs://models/iris}
    YAML
    assert_match "sends 2 events", shell_output("#{bin}/isvclog preview isvc.yaml")
  end
end
