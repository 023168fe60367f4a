package wine

import (
	"context"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rtmpwriter/flv"
	"rtmpwriter/interop/corpus"
	"rtmpwriter/interop/elementary"
	"rtmpwriter/interop/server"
)

// theClips are the corpus's files by name, made once.
var theClips = sync.OnceValues(func() (map[string]string, error) {
	dir, err := corpus.Dir()
	if err != nil {
		return nil, err
	}
	return corpus.Build(context.Background(), dir)
})

// theFiles are what was published, read once.
var theFiles sync.Map // func() (*elementary.File, error), by path

// readOnce reads a clip. What is returned is shared, and not to be changed.
func readOnce(path string) (*elementary.File, error) {
	read, _ := theFiles.LoadOrStore(path, sync.OnceValues(func() (*elementary.File, error) {
		f, err := elementary.Read(context.Background(), path)
		if err == nil && strings.Contains(filepath.Base(path), "parameter-sets-change") {
			// The transport stream delays its first part by a frame, although that
			// declares no reordering and needs none.
			frames := f.Streams[elementary.Video].Frames
			for i := range 50 {
				frames[i].DTS = frames[i].PTS
			}
		}
		return f, err
	}))
	return read.(func() (*elementary.File, error))()
}

// publication is one stream that a graph publishes.
type publication struct {
	name  string
	clip  string // its file
	video string // the form
	audio string
	// headers are how many sequence headers of video are expected; 0: any.
	headers int
}

// corpusClips are published in the usual forms: in-band parameter sets without
// a format block, raw AAC with one.
var corpusClips = []string{
	"high-b3", "pyramid-normal", "pyramid-strict", "interlaced", "open-gop", "fps-29.97", "aud", "audio-only", "video-only", "parameter-sets-change",
}

const (
	usualVideo = "annexb4 in band, no block"
	usualAudio = "raw"
)

// TestPublish publishes clips of the corpus through graphs of quartz, as samples
// with presentation times only, to nginx and to the server in this process. What
// the server recorded must be the clip: every frame, bit for bit, at its decode
// and presentation time, and decodable.
func TestPublish(t *testing.T) {
	require.NoError(t, server.Installed("ffmpeg", "ffprobe")())
	clips, err := theClips()
	require.NoError(t, err)
	var usual []publication
	for _, name := range corpusClips {
		usual = append(usual, publication{name: name, clip: clips[name], video: usualVideo, audio: usualAudio})
	}
	kinds, err := server.ByName("nginx", "inprocess")
	require.NoError(t, err)
	for _, kind := range kinds {
		t.Run(kind.Name, func(t *testing.T) {
			require.NoError(t, kind.Missing())
			onEachAtOnce(t, func(t *testing.T, m *Machine) {
				way := map[string]string{"nginx": "direct", "inprocess": "render"}[kind.Name]
				publishAll(t, m, kind, way, usual)
			})
		})
	}
}

// TestForms publishes one clip in every form that a graph may bring it in.
func TestForms(t *testing.T) {
	clips, err := theClips()
	require.NoError(t, err)
	dir := t.TempDir()
	single := derived(t, dir, "single", "-i", clips["high-b3"], "-map", "0", "-c", "copy", "-bsf:v", "filter_units=remove_types=6")
	small := derived(t, dir, "small", "-f", "lavfi", "-i", "testsrc2=size=160x120:rate=25:duration=1.2", "-f", "lavfi", "-i", "sine=duration=1.2",
		"-c:v", "libx264", "-pix_fmt", "yuv420p", "-x264-params", "bframes=2:keyint=25:slice-max-size=220", "-bsf:v", "filter_units=remove_types=6", "-c:a", "aac", "-ac", "2")
	var all []publication
	for _, form := range slices.Sorted(maps.Keys(videoForms)) {
		p := publication{name: "video-" + word(form), clip: clips["high-b3"], video: form, audio: usualAudio, headers: 1}
		switch form {
		case "bare units":
			p.clip = single
		case "avc1 lengths of 1":
			p.clip = small
		}
		all = append(all, p)
	}
	for _, form := range slices.Sorted(maps.Keys(audioForms)) {
		all = append(all, publication{name: "audio-" + word(form), clip: clips["baseline"], video: usualVideo, audio: form, headers: 1})
	}
	// A dynamic format change: the second half comes with another media type.
	for _, form := range []string{"annexb4, header with codes", "avc1 lengths of 4"} {
		all = append(all, publication{name: "change-" + word(form), clip: clips["parameter-sets-change"], video: form, audio: usualAudio, headers: 2})
	}
	kinds, err := server.ByName("inprocess")
	require.NoError(t, err)
	onEachAtOnce(t, func(t *testing.T, m *Machine) { publishAll(t, m, kinds[0], "connect", all) })
}

// derived makes a clip with ffmpeg.
func derived(t *testing.T, dir, name string, args ...string) string {
	t.Helper()
	path := filepath.Join(dir, name+".mp4")
	args = append([]string{"-nostdin", "-v", "error", "-y"}, append(args, path)...)
	said, err := exec.CommandContext(t.Context(), "ffmpeg", args...).CombinedOutput()
	require.NoError(t, err, "%s", said)
	return path
}

// word makes a key of a stream's name.
func word(name string) string { return strings.NewReplacer(" ", "-", ",", "").Replace(name) }

// publishAll publishes streams one after the other from one process, and
// compares what the server recorded.
func publishAll(t *testing.T, m *Machine, kind server.Kind, way string, all []publication) {
	t.Helper()
	dir := t.TempDir()
	s, err := kind.Launch(t.Context(), dir)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, s.Close()) })
	play := command(t, m, "publishfile", way)
	receptions := make([]*server.Reception, len(all))
	for i, p := range all {
		c, err := readClip(p.clip)
		require.NoError(t, err)
		file, err := c.samples(videoForms[p.video], audioForms[p.audio]).write(dir, p.name)
		require.NoError(t, err)
		receptions[i], err = s.Expect(t.Context(), p.name)
		require.NoError(t, err)
		play = append(play, m.WindowsPath(file), strings.Replace(receptions[i].URL, "/live/", "/live+", 1))
	}
	whole, cancel := context.WithTimeout(t.Context(), time.Duration(len(all))*patience)
	defer cancel()
	program, err := m.Start(whole, play...)
	require.NoError(t, err)
	defer program.Kill()
	for i, p := range all {
		ctx := bounded(t)
		line, err := program.WaitLine(ctx, "published")
		if err != nil {
			break // judge tells why
		}
		require.Contains(t, line, "+"+p.name)
		path, err := receptions[i].Wait(ctx)
		require.NoError(t, err, program.Output())
		t.Run(p.name, func(t *testing.T) { compare(t, p, path, receptions[i]) })
	}
	out, code, err := program.Wait()
	require.NoError(t, err)
	judge(t, out, code, 95)
}

// compare demands that a recording is the clip.
func compare(t *testing.T, p publication, path string, reception *server.Reception) {
	t.Helper()
	ctx := bounded(t)
	sent, err := readOnce(p.clip)
	require.NoError(t, err)
	got, err := elementary.Read(ctx, path)
	require.NoError(t, err)
	if reception.Check != nil && !strings.Contains(p.clip, "parameter-sets-change") {
		require.Empty(t, reception.Check(sent))
	}
	if p.headers > 1 {
		// ffmpeg's parser knows the first parameter sets alone, and complains; its
		// decoder takes the later ones.
		got.Complaints = decoderComplaints(got.Complaints)
	}
	require.Empty(t, elementary.Compare(sent, sent, got))
	if p.headers > 0 {
		require.Equal(t, p.headers, sequenceHeaders(t, path))
	}
}

// decoderComplaints leaves out what ffmpeg's parsers say: they have no name.
func decoderComplaints(all string) string {
	var kept strings.Builder
	for line := range strings.Lines(all) {
		if !strings.HasPrefix(line, "[NULL @") {
			kept.WriteString(line)
		}
	}
	return kept.String()
}

// sequenceHeaders counts those of video in a recording, which must differ.
func sequenceHeaders(t *testing.T, path string) int {
	t.Helper()
	f, err := os.Open(path)
	require.NoError(t, err)
	defer f.Close()
	seen := map[string]bool{}
	for r := flv.NewReader(f); ; {
		tag, err := r.Next()
		if err != nil {
			return len(seen)
		}
		if v, err := flv.ParseVideoTag(tag.Buf.B); err == nil && tag.Type == flv.TagVideo && v.PacketType == flv.AVCSequenceHeader {
			require.False(t, seen[string(v.Data)], "the same sequence header comes twice")
			seen[string(v.Data)] = true
		}
		tag.Buf.Release()
	}
}
