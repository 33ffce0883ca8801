namespace Cfx.Core.Reporting.Html.Sections;

/// <summary>One part of the page under a heading of its own.</summary>
internal interface IReportSection
{
    /// <summary>What links to it; lower-case letters.</summary>
    string Id { get; }

    string Title { get; }

    /// <summary>Whether there is anything to show.</summary>
    bool HasData(ReportData data);

    /// <summary>What stands under the heading.</summary>
    void Write(HtmlWriter page, ReportData data);
}
