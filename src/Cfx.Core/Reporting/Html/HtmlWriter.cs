using System.Text;

namespace Cfx.Core.Reporting.Html;

/// <summary>Writes well-formed markup; every text and attribute value is escaped, and nothing can be written that is not.</summary>
internal sealed class HtmlWriter
{
    private readonly StringBuilder _page = new();
    private readonly Stack<string> _open = new();

    /// <summary>Begins an element; a null attribute is left out.</summary>
    public HtmlWriter Open(string tag, params ReadOnlySpan<(string Name, string? Value)> attributes)
    {
        Tag(tag, attributes);
        _page.Append('>');
        _open.Push(tag);
        return this;
    }

    /// <summary>Ends the element begun last.</summary>
    public HtmlWriter Close()
    {
        _page.Append("</").Append(_open.Pop()).Append('>');
        return this;
    }

    /// <summary>An element without content.</summary>
    public HtmlWriter Void(string tag, params ReadOnlySpan<(string Name, string? Value)> attributes)
    {
        Tag(tag, attributes);
        _page.Append("/>");
        return this;
    }

    public HtmlWriter Text(string? text)
    {
        HtmlText.Append(_page, text ?? string.Empty);
        return this;
    }

    /// <summary>An element that holds text alone.</summary>
    public HtmlWriter Element(string tag, string? text, params ReadOnlySpan<(string Name, string? Value)> attributes) =>
        Open(tag, attributes).Text(text).Close();

    /// <summary>Text from the data within a sentence of ours: controls of direction in it end with it.</summary>
    public HtmlWriter Name(string? text) => Element("bdi", text);

    /// <summary>Leaves the element begun last to whoever writes on.</summary>
    public HtmlWriter Forget()
    {
        _open.Pop();
        return this;
    }

    /// <summary>A line break in the source, for those who read it.</summary>
    public HtmlWriter Line()
    {
        _page.Append('\n');
        return this;
    }

    /// <summary>What was written since the last time. The writer goes on from there.</summary>
    public string Take()
    {
        var text = _page.ToString();
        _page.Clear();
        return text;
    }

    private void Tag(string tag, ReadOnlySpan<(string Name, string? Value)> attributes)
    {
        _page.Append('<').Append(tag);
        foreach (var (name, value) in attributes)
        {
            if (value is not null)
            {
                _page.Append(' ').Append(name).Append("=\"");
                HtmlText.Append(_page, value);
                _page.Append('"');
            }
        }
    }
}
