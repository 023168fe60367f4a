package corpus

// Clip is one file of the corpus. The exported fields tell what it is; the
// others how Build makes it: from a picture generator and a tone, from another
// clip, or by a function of its own.
type Clip struct {
	Name string
	// Ext is the file name's ending, which tells the container.
	Ext string
	// Times names the clip whose times this one has, where its own container
	// stores none.
	Times string

	source string // the picture generator's size and rate; empty: no video
	video  string // how the picture is encoded
	audio  string // how the tone is encoded; empty: no audio
	mux    string // options of the container

	from string // the clip that this one is made of, by from's video and mux options
	make func(b *builder, out string) error
}

// The usual ingredients: 2.4 s, small, so that the whole matrix takes minutes.
const (
	small  = "size=320x240:rate=25:duration=2.4"
	stereo = "-c:a aac -b:a 64k -ar 44100 -ac 2"
	copied = "-map 0 -c copy"
)

func x264(profile, params string) string {
	return "-c:v libx264 -preset fast -pix_fmt yuv420p -profile:v " + profile + " -x264-params keyint=25:scenecut=0:" + params
}

// Clips returns the corpus: profiles and frame types, frame rates and sizes,
// audio formats, then containers and what only containers bring.
func Clips() []Clip {
	var clips []Clip
	clips = append(clips, profiles()...)
	clips = append(clips, shapes()...)
	clips = append(clips, sounds()...)
	clips = append(clips, units()...)
	return append(clips, containers()...)
}

func encoded(name, video string) Clip {
	return Clip{Name: name, Ext: "mp4", source: small, video: video, audio: stereo}
}

func profiles() []Clip {
	return []Clip{
		encoded("baseline", x264("baseline", "bframes=0")),
		encoded("main-b1", x264("main", "bframes=1:b-adapt=0")),
		encoded("main-b2", x264("main", "bframes=2:b-adapt=0:b-pyramid=none")),
		encoded("high-b0", x264("high", "bframes=0")),
		encoded("high-b3", x264("high", "bframes=3:b-adapt=0:b-pyramid=none")),
		encoded("high-b4-adaptive", x264("high", "bframes=4:b-adapt=2")),
		encoded("pyramid-normal", x264("high", "bframes=4:b-adapt=0:b-pyramid=normal")),
		encoded("pyramid-strict", x264("high", "bframes=4:b-adapt=0:b-pyramid=strict")),
		encoded("open-gop", x264("high", "bframes=3:b-adapt=0:open-gop=1:keyint=12")),
		encoded("intra-only", x264("high", "keyint=1")),
		encoded("interlaced", x264("high", "bframes=2:b-adapt=0:interlaced=1")+" -flags +ildct+ilme"),
		encoded("slices-4", x264("high", "bframes=2:slices=4")),
		{Name: "tiny", Ext: "mp4", source: "size=160x120:rate=25:duration=0.24", video: x264("high", "bframes=2:b-adapt=0"), audio: stereo + " -t 0.24"},
	}
}

// shapes are sizes and frame rates.
func shapes() []Clip {
	high := x264("high", "bframes=2:b-adapt=0")
	shape := func(name, source, video string) Clip {
		return Clip{Name: name, Ext: "mp4", source: source, video: video, audio: stereo}
	}
	return []Clip{
		shape("size-322x242", "size=322x242:rate=25:duration=2.4", high),
		shape("size-odd-high444", "size=321x241:rate=25:duration=2.4",
			"-c:v libx264 -preset fast -pix_fmt yuv444p -profile:v high444 -x264-params keyint=25:bframes=2"),
		shape("fps-29.97", "size=320x240:rate=30000/1001:duration=2.4", high),
		shape("fps-23.976", "size=320x240:rate=24000/1001:duration=2.4", high),
		shape("fps-60", "size=320x240:rate=60:duration=2.4", high),
		shape("fps-variable", small, "-vf settb=1/90000,setpts=N*3600+mod(N\\,4)*700+gt(mod(N\\,16)\\,11)*900"+
			" -fps_mode vfr -enc_time_base 1/90000 -video_track_timescale 90000 "+high),
		shape("frames-large", "size=1280x720:rate=25:duration=1",
			"-vf noise=alls=40:allf=t -c:v libx264 -preset ultrafast -pix_fmt yuv420p -crf 26 -x264-params keyint=25:bframes=2"),
	}
}

func sounds() []Clip {
	sound := func(name, audio string) Clip {
		return Clip{Name: name, Ext: "mp4", source: small, video: x264("main", "bframes=2"), audio: audio}
	}
	return []Clip{
		sound("aac-44100-mono", "-c:a aac -b:a 48k -ar 44100 -ac 1"),
		sound("aac-48000-mono", "-c:a aac -b:a 48k -ar 48000 -ac 1"),
		sound("aac-48000-stereo", "-c:a aac -b:a 96k -ar 48000 -ac 2"),
		sound("aac-48000-5.1", "-c:a aac -b:a 192k -ar 48000 -ac 6"),
		sound("aac-22050-mono", "-c:a aac -b:a 32k -ar 22050 -ac 1"),
		{Name: "audio-only", Ext: "m4a", audio: stereo},
		{Name: "video-only", Ext: "mp4", source: small, video: x264("high", "bframes=3")},
	}
}

// units are clips with something special in their access units.
func units() []Clip {
	return []Clip{
		{Name: "aud", Ext: "mp4", from: "high-b3", video: "-bsf:v h264_metadata=aud=insert"},
		{Name: "sei-user-data", Ext: "mp4", from: "high-b3",
			video: "-bsf:v h264_metadata=sei_user_data=086f3693b7b34f2c965321492feee5b8+interop"},
		{Name: "captions", Ext: "mp4", make: captions},
		{Name: "parameter-sets-change", Ext: "ts", make: parameterSetsChange},
	}
}

func containers() []Clip {
	return []Clip{
		{Name: "faststart", Ext: "mp4", from: "pyramid-normal", mux: "-movflags +faststart"},
		{Name: "negative-cts", Ext: "mp4", from: "high-b3", mux: "-movflags +negative_cts_offsets"},
		{Name: "fragmented", Ext: "mp4", from: "pyramid-normal", mux: "-movflags +frag_keyframe+empty_moov+default_base_moof"},
		{Name: "quicktime", Ext: "mov", from: "high-b3"},
		{Name: "flv", Ext: "flv", from: "high-b3"},
		{Name: "flv-pyramid", Ext: "flv", from: "pyramid-normal"},
		{Name: "ts", Ext: "ts", from: "high-b3"},
		{Name: "ts-pyramid", Ext: "ts", from: "pyramid-normal"},
		{Name: "ts-29.97", Ext: "ts", from: "fps-29.97"},
		{Name: "ts-slices-4", Ext: "ts", from: "slices-4"},
		{Name: "ts-audio-only", Ext: "ts", from: "audio-only"},
		{Name: "ts-clock-wraps", Ext: "ts", from: "high-b3", mux: "-output_ts_offset 95441 -muxdelay 0"},
		{Name: "flv-clock-high", Ext: "flv", from: "high-b3", mux: "-output_ts_offset 20000"},
		{Name: "ts-video-only", Ext: "ts", from: "video-only"},
		{Name: "fragmented-audio-only", Ext: "mp4", from: "audio-only", mux: "-movflags +frag_keyframe+empty_moov+default_base_moof"},
		{Name: "audio-late", Ext: "mp4", from: "high-b3", make: audioLate},
		{Name: "raw-baseline", Ext: "h264", from: "baseline", Times: "baseline", video: "-map -0:a"},
		{Name: "raw-b3", Ext: "h264", from: "high-b3", Times: "high-b3", video: "-map -0:a"},
		{Name: "raw-pyramid", Ext: "h264", from: "pyramid-normal", Times: "pyramid-normal", video: "-map -0:a"},
		{Name: "raw-adts", Ext: "aac", from: "audio-only", Times: "audio-only"},
	}
}
