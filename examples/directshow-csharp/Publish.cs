// Publishes a media file through a DirectShow graph, from C#:
//
//     publish FILE URL
//
// The file is opened by whatever source and splitter the machine has for it; they must
// give out H.264 and AAC as they stand in the file. Ctrl+C stops.
//
// csc /out:publish.exe Publish.cs ..\..\include\RTMPWriterOptions.cs
using System;
using System.Runtime.InteropServices;
using System.Threading;
using RTMPWriterLib;

static class Publish
{
    const int EventComplete = 0x01, EventUserAbort = 0x02, EventErrorAbort = 0x03;
    const int Aborted = unchecked((int)0x80004004); // E_ABORT: no event in time

    static readonly Guid Graph = new Guid("e436ebb3-524f-11ce-9f53-0020af0ba770");        // CLSID_FilterGraph
    static readonly Guid GraphBuilder2 = new Guid("BF87B6E1-8C27-11d0-B3F0-00AA003761C5"); // CLSID_CaptureGraphBuilder2
    static readonly Guid Video = new Guid("73646976-0000-0010-8000-00AA00389B71");         // MEDIATYPE_Video
    static readonly Guid Audio = new Guid("73647561-0000-0010-8000-00AA00389B71");         // MEDIATYPE_Audio

    // The filter holds the function's address: the delegate must not be collected.
    static readonly RTMPStatusNotifyHandler Handler = OnStatus;

    static int Main(string[] args)
    {
        if (args.Length != 2)
        {
            Console.Error.WriteLine("publish FILE URL");
            return 2;
        }
        var interrupted = new ManualResetEvent(false);
        Console.CancelKeyPress += (sender, e) => { e.Cancel = true; interrupted.Set(); };
        try
        {
            return Run(args[0], args[1], interrupted) ? 0 : 1;
        }
        catch (COMException e)
        {
            // The filter's own words, where it was the filter.
            Console.Error.WriteLine("{0} (0x{1:X8})", e.Message, e.ErrorCode);
            return 1;
        }
    }

    static object Create(Guid id)
    {
        return Activator.CreateInstance(Type.GetTypeFromCLSID(id, true));
    }

    static bool Run(string file, string url, WaitHandle interrupted)
    {
        object writer = Create(RTMPWriter.Filter);
        var options = (IRTMPOptions)writer;
        options.SetReconnectUnlimited(true);
        options.SetReconnectInterval(2000);
        options.SetOption("chunk-size", "4096");  // any option by its name
        ((IFileSinkFilter)writer).SetFileName(url, IntPtr.Zero);
        ((IRTMPStatusNotify)writer).SetStatusNotifyHandler(Handler, IntPtr.Zero);

        object graph = Create(Graph);
        var builder = (IGraphBuilder)graph;
        IBaseFilter source;
        builder.AddFilter((IBaseFilter)writer, "RTMP Writer");
        builder.AddSourceFilter(file, "file", out source);
        var render = (ICaptureGraphBuilder2)Create(GraphBuilder2);
        render.SetFiltergraph(builder);
        // Either may be missing, but not both.
        int seen = render.RenderStream(IntPtr.Zero, Video, source, null, (IBaseFilter)writer);
        int heard = render.RenderStream(IntPtr.Zero, Audio, source, null, (IBaseFilter)writer);
        if (seen < 0 && heard < 0)
            Marshal.ThrowExceptionForHR(seen);

        options.ConnectServer(); // before the start; throws why it failed
        var control = (IMediaControl)graph;
        control.Run();
        bool complete = Watch((IMediaEvent)graph, options, interrupted);
        control.Stop();
        ((IRTMPStatusNotify)writer).SetStatusNotifyHandler(null, IntPtr.Zero);
        return complete;
    }

    // Prints events until the last one. True: everything is with the server.
    static bool Watch(IMediaEvent events, IRTMPOptions options, WaitHandle interrupted)
    {
        while (!interrupted.WaitOne(0))
        {
            int code;
            IntPtr p1, p2;
            int hr = events.GetEvent(out code, out p1, out p2, 200);
            if (hr == Aborted)
                continue;
            if (hr < 0)
                Marshal.ThrowExceptionForHR(hr);
            if (code == RTMPWriter.EventStats)
                Print((RTMPWriterStats)Marshal.PtrToStructure(p1, typeof(RTMPWriterStats)));
            events.FreeEventParams(code, p1, p2);
            if (code == EventComplete)
                return true;
            if (code == EventErrorAbort || code == EventUserAbort)
            {
                Console.WriteLine("ended: {0}", options.GetLastErrorText());
                return false;
            }
        }
        return false;
    }

    static void Print(RTMPWriterStats s)
    {
        Console.WriteLine("sent {0} video, {1} audio; {2} kbit/s; buffer {3} of {4} bytes",
            s.video_packets_sent, s.audio_packets_sent, s.output_bitrate / 1000, s.output_buffer_fillness, s.output_buffer_size);
    }

    // On a thread of the filter's. The url holds the stream key: it is not printed.
    static void OnStatus(RTMPWriterStatus status, IntPtr url, IntPtr context)
    {
        Console.WriteLine("status: {0}", status);
    }
}

// What the program needs of DirectShow; a library such as DirectShowLib has all of it.
// The methods stand in the order of their vtables, the last ones left out.

[ComImport, Guid("56a86895-0ad4-11ce-b03a-0020af0ba770"), InterfaceType(ComInterfaceType.InterfaceIsIUnknown)]
interface IBaseFilter
{
}

[ComImport, Guid("a2104830-7c70-11cf-8bce-00aa00a3f1a6"), InterfaceType(ComInterfaceType.InterfaceIsIUnknown)]
interface IFileSinkFilter
{
    void SetFileName([MarshalAs(UnmanagedType.LPWStr)] string name, IntPtr mediaType);
}

[ComImport, Guid("56a868a9-0ad4-11ce-b03a-0020af0ba770"), InterfaceType(ComInterfaceType.InterfaceIsIUnknown)]
interface IGraphBuilder
{
    void AddFilter(IBaseFilter filter, [MarshalAs(UnmanagedType.LPWStr)] string name);
    void RemoveFilter(IBaseFilter filter);
    void EnumFilters(out IntPtr filters);
    void FindFilterByName([MarshalAs(UnmanagedType.LPWStr)] string name, out IBaseFilter filter);
    void ConnectDirect(IntPtr from, IntPtr to, IntPtr mediaType);
    void Reconnect(IntPtr pin);
    void Disconnect(IntPtr pin);
    void SetDefaultSyncSource();
    void Connect(IntPtr from, IntPtr to);
    void Render(IntPtr from);
    void RenderFile([MarshalAs(UnmanagedType.LPWStr)] string file, IntPtr list);
    void AddSourceFilter([MarshalAs(UnmanagedType.LPWStr)] string file, [MarshalAs(UnmanagedType.LPWStr)] string name, out IBaseFilter filter);
}

[ComImport, Guid("93E5A4E0-2D50-11d2-ABFA-00A0C9C6E38D"), InterfaceType(ComInterfaceType.InterfaceIsIUnknown)]
interface ICaptureGraphBuilder2
{
    void SetFiltergraph(IGraphBuilder graph);
    void GetFiltergraph(out IGraphBuilder graph);
    void SetOutputFileName([MarshalAs(UnmanagedType.LPStruct)] Guid type, [MarshalAs(UnmanagedType.LPWStr)] string file, out IBaseFilter mux, out IFileSinkFilter sink);
    void FindInterface(IntPtr category, IntPtr type, IBaseFilter from, [MarshalAs(UnmanagedType.LPStruct)] Guid iid, out IntPtr found);
    [PreserveSig]
    int RenderStream(IntPtr category, [MarshalAs(UnmanagedType.LPStruct)] Guid type, [MarshalAs(UnmanagedType.IUnknown)] object source, IBaseFilter between, IBaseFilter renderer);
}

[ComImport, Guid("56a868b1-0ad4-11ce-b03a-0020af0ba770"), InterfaceType(ComInterfaceType.InterfaceIsDual)]
interface IMediaControl
{
    void Run();
    void Pause();
    void Stop();
}

[ComImport, Guid("56a868b6-0ad4-11ce-b03a-0020af0ba770"), InterfaceType(ComInterfaceType.InterfaceIsDual)]
interface IMediaEvent
{
    void GetEventHandle(out IntPtr handle);
    [PreserveSig]
    int GetEvent(out int code, out IntPtr p1, out IntPtr p2, int timeoutMs);
    void WaitForCompletion(int timeoutMs, out int code);
    void CancelDefaultHandling(int code);
    void RestoreDefaultHandling(int code);
    void FreeEventParams(int code, IntPtr p1, IntPtr p2);
}
