# A Homebrew formula for Linux, built from the newest source: `brew install --HEAD ./assets/package/claudemesh.rb`. A release
# adds its archive's `url` and `sha256`.
class Claudemesh < Formula
  desc "Claude Code sessions, yours and your team's, in one mesh"
  homepage "https://claudemesh.com"
  license "MIT"
  head "https://claudemesh.com/claudemesh.git", branch: "main"

  depends_on "swift" => :build
  depends_on :linux
  depends_on "libpq"
  depends_on "ncurses"
  depends_on "qrencode"
  depends_on "sqlite"

  def install
    system "swift", "build", "-c", "release", "--static-swift-stdlib", "--product", "claudemesh"
    bin.install ".build/release/claudemesh"
    generate_completions_from_executable(bin/"claudemesh", "completions")
    mkdir "man" do
      system bin/"claudemesh", "help", "--man", "."
      man1.install Dir["*.1"]
    end
  end

  test do
    assert_match(/\d+\.\d+\.\d+/, shell_output("#{bin}/claudemesh --version"))
  end
end
